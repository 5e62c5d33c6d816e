import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createSecureContext, DEFAULT_CIPHERS, type SecureContextOptions } from "node:tls";
import type { RawTlsConfig } from "./schema.ts";
import { CIPHER_SUITES, type ClientAuthType, CURVES, TLS_VERSIONS } from "./tls-names.ts";

/** What a TLS server needs of web.yml, its files read. */
export interface TlsServerConfig {
  /** Certificate, key, versions, ciphers and curves as `tls.createSecureContext` takes them. */
  readonly secureContext: SecureContextOptions;
  readonly clientAuth: ClientAuthType;
  /** A client's certificate must bear one of these names, where given. */
  readonly allowedSans?: readonly string[] | undefined;
}

/** Reports what is wrong with a field of `tls_server_config`. */
export type ReportTlsProblem = (field: keyof RawTlsConfig | undefined, message: string) => void;

/** Whether `tls_server_config` asks for TLS at all: exporter-toolkit's own test. */
export function isTlsEnabled(raw: RawTlsConfig): boolean {
  const fields = ["cert", "cert_file", "key", "key_file", "client_ca", "client_ca_file"] as const;
  return raw.client_auth_type !== "" || fields.some((field) => raw[field] !== "");
}

/** The files that `tls_server_config` names, as paths from `directory`. */
export function tlsFiles(raw: RawTlsConfig, directory: string): string[] {
  return [raw.cert_file, raw.key_file, raw.client_ca_file]
    .filter((file) => file !== "")
    .map((file) => resolveFrom(directory, file));
}

/**
 * Reads the files of `tls_server_config` and checks that they fit each other. Gives the configuration
 * or, after at least one report, undefined.
 */
export function loadTlsConfig(
  raw: RawTlsConfig,
  directory: string,
  report: ReportTlsProblem,
): TlsServerConfig | undefined {
  let isFine = true;
  const complain: ReportTlsProblem = (field, message) => {
    isFine = false;
    report(field, message);
  };
  const cert = pem(raw, "cert", directory, complain);
  const key = pem(raw, "key", directory, complain);
  const ca = pem(raw, "client_ca", directory, complain);
  if (cert !== undefined && key !== undefined) checkPair(raw, cert, key, complain);
  checkClientAuth(raw, ca, complain);
  const secureContext = { ...cryptoOptions(raw, complain), cert, key, ca };
  if (!isFine) return undefined;
  try {
    createSecureContext(secureContext);
  } catch (err) {
    complain(undefined, `cannot be used for TLS: ${messageOf(err)}`);
    return undefined;
  }
  return {
    secureContext,
    clientAuth: clientAuthOf(raw),
    allowedSans: raw.client_allowed_sans,
  };
}

function pem(
  raw: RawTlsConfig,
  name: "cert" | "key" | "client_ca",
  directory: string,
  complain: ReportTlsProblem,
): string | undefined {
  const file = raw[`${name}_file`];
  if (file === "") {
    if (raw[name] !== "") return raw[name];
    if (name !== "client_ca") complain(undefined, `missing one of ${name} or ${name}_file`);
    return undefined;
  }
  const path = resolveFrom(directory, file);
  try {
    return readFileSync(path, "utf8");
  } catch (err) {
    complain(`${name}_file`, `failed to read ${name}_file (${path}): ${messageOf(err)}`);
    return undefined;
  }
}

function checkPair(raw: RawTlsConfig, cert: string, key: string, complain: ReportTlsProblem): void {
  const certField = raw.cert_file === "" ? "cert" : "cert_file";
  const keyField = raw.key_file === "" ? "key" : "key_file";
  const certificate = attempt(() => new X509Certificate(cert));
  const privateKey = attempt(() => createPrivateKey(key));
  if (certificate === undefined) {
    complain(certField, "holds no PEM certificate; it begins with -----BEGIN CERTIFICATE-----");
  }
  if (privateKey === undefined) {
    complain(keyField, "holds no PEM private key without passphrase");
  }
  if (certificate && privateKey && !certificate.checkPrivateKey(privateKey)) {
    complain(keyField, "the private key does not belong to the certificate");
  }
}

function checkClientAuth(
  raw: RawTlsConfig,
  ca: string | undefined,
  complain: ReportTlsProblem,
): void {
  const clientAuth = clientAuthOf(raw);
  const caField = raw.client_ca_file === "" ? "client_ca" : "client_ca_file";
  if (ca !== undefined && attempt(() => new X509Certificate(ca)) === undefined) {
    complain(caField, "holds no PEM certificate; it begins with -----BEGIN CERTIFICATE-----");
  }
  if (clientAuth === "NoClientCert" && (raw.client_ca !== "" || raw.client_ca_file !== "")) {
    complain(
      caField,
      "client CA's have been configured without a Client Auth Policy; set client_auth_type, such as RequireAndVerifyClientCert",
    );
  }
  if (raw.client_allowed_sans !== undefined && !clientAuth.startsWith("Require")) {
    complain(
      "client_allowed_sans",
      "client_allowed_sans requires client_auth_type to be one of RequireAnyClientCert or RequireAndVerifyClientCert",
    );
  }
}

// TLS 1.3's suites cannot be chosen in Go: all three are always on.
const TLS13_SUITES = [...CIPHER_SUITES.values()].filter((name) => name.startsWith("TLS_"));

function cryptoOptions(raw: RawTlsConfig, complain: ReportTlsProblem): SecureContextOptions {
  const order = [...TLS_VERSIONS.keys()];
  if (order.indexOf(raw.min_version) > order.indexOf(raw.max_version)) {
    complain(
      "min_version",
      `min_version ${raw.min_version} is above max_version ${raw.max_version}`,
    );
  }
  const chosen = raw.cipher_suites
    .map((name) => CIPHER_SUITES.get(name) ?? "")
    .filter((name) => !name.startsWith("TLS_"));
  const ciphers = chosen.length > 0 ? [...TLS13_SUITES, ...chosen].join(":") : DEFAULT_CIPHERS;
  // OpenSSL 3 speaks TLS 1.0 and 1.1 at security level 0 only; who writes TLS10 wants them.
  const isOld = raw.min_version === "TLS10" || raw.min_version === "TLS11";
  const options: SecureContextOptions = {
    minVersion: TLS_VERSIONS.get(raw.min_version),
    maxVersion: TLS_VERSIONS.get(raw.max_version),
    ciphers: isOld ? `${ciphers}:@SECLEVEL=0` : ciphers,
    honorCipherOrder: raw.prefer_server_cipher_suites,
  };
  if (raw.curve_preferences.length > 0) {
    options.ecdhCurve = raw.curve_preferences.map((name) => CURVES.get(name)).join(":");
  }
  return options;
}

function clientAuthOf({ client_auth_type: type }: RawTlsConfig): ClientAuthType {
  if (type === "") return "NoClientCert";
  return type === "RequireClientCert" ? "RequireAnyClientCert" : type;
}

function resolveFrom(directory: string, file: string): string {
  return isAbsolute(file) ? file : join(directory, file);
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function messageOf(err: unknown): string {
  return err instanceof Error ? err.message : String(err);
}
