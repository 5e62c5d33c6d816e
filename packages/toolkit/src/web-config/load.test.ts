import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkWebConfig, loadWebConfig, WebConfigError } from "./load.ts";
import { CIPHER_SUITES } from "./tls-names.ts";

const data = fileURLToPath(new URL("./testdata/", import.meta.url));
const HASH = `$2y$10$${"linklight".repeat(6).slice(0, 53)}`;
const PAIR = `cert_file: ${data}server.test.pem, key_file: ${data}server.test.key`;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "web-config-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function write(text: string): string {
  const file = join(directory, "web.yml");
  writeFileSync(file, text);
  return file;
}

// Problems without the name of the file, which differs from run to run.
function problemsOf(text: string): string[] {
  const file = write(text);
  return checkWebConfig(file).map((line) => line.replaceAll(`${file}:`, "").replaceAll(data, ""));
}

function indented(file: string): string {
  return readFileSync(data + file, "utf8")
    .replace(/^/gm, "    ")
    .trimEnd();
}

describe("checkWebConfig", () => {
  it.each([
    ["nothing", ""],
    ["a certificate and its key", `tls_server_config: {${PAIR}}`],
    [
      "an RSA key",
      `tls_server_config: {cert_file: ${data}server-rsa.test.pem, key_file: ${data}server-rsa.test.key}`,
    ],
    [
      "both inline",
      `tls_server_config:\n  cert: |\n${indented("server.test.pem")}\n  key: |\n${indented("server.test.key")}\n`,
    ],
    [
      "client certificates",
      `tls_server_config: {${PAIR}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ${data}ca.test.pem, client_allowed_sans: [a, b]}`,
    ],
    [
      "the old name of a policy",
      `tls_server_config: {${PAIR}, client_auth_type: RequireClientCert}`,
    ],
    [
      "all ciphers",
      `tls_server_config: {${PAIR}, cipher_suites: [${[...CIPHER_SUITES.keys()].join(",")}]}`,
    ],
    [
      "only ciphers of TLS 1.3",
      `tls_server_config: {${PAIR}, cipher_suites: [TLS_AES_128_GCM_SHA256]}`,
    ],
    [
      "all curves",
      `tls_server_config: {${PAIR}, curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]}`,
    ],
    ["old versions", `tls_server_config: {${PAIR}, min_version: TLS10, max_version: TLS11}`],
    ["no preference", `tls_server_config: {${PAIR}, prefer_server_cipher_suites: false}`],
    ["settings of TLS without TLS", "tls_server_config: {min_version: TLS13}"],
    ["http2", "http_server_config: {http2: false}"],
    [
      "headers",
      "http_server_config: {headers: {X-Frame-Options: deny, X-Content-Type-Options: nosniff, X-XSS-Protection: '1', Strict-Transport-Security: max-age=1, Content-Security-Policy: default-src 'self'}}",
    ],
    ["users", `basic_auth_users: {alice: ${HASH}, "": ${HASH}}`],
    ["a rate limit", "rate_limit: {interval: 1s, burst: 5}"],
    ["a rate limit in nanoseconds", "rate_limit: {interval: 1000000, burst: 5}"],
  ])("finds nothing wrong with %s", (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    [
      "an unknown section",
      "tls_config: {}",
      [
        "1:1: field tls_config not found; known here: tls_server_config, http_server_config, basic_auth_users, rate_limit",
      ],
    ],
    [
      "no key",
      `tls_server_config: {cert_file: ${data}server.test.pem}`,
      ["1:1: missing one of key or key_file"],
    ],
    [
      "no certificate",
      `tls_server_config: {key_file: ${data}server.test.key}`,
      ["1:1: missing one of cert or cert_file"],
    ],
    [
      "neither",
      "tls_server_config: {client_auth_type: NoClientCert}",
      ["1:1: missing one of cert or cert_file", "1:1: missing one of key or key_file"],
    ],
    [
      "a policy nobody knows",
      `tls_server_config:\n  client_auth_type: RequireAndVerify`,
      [
        '2:21: expected one of NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert, found "RequireAndVerify"',
      ],
    ],
    [
      "a version nobody knows",
      `tls_server_config: {${PAIR},\n min_version: TLS111}`,
      ['2:15: expected one of TLS10, TLS11, TLS12, TLS13, found "TLS111"; did you mean TLS11?'],
    ],
    [
      "versions that leave none",
      `tls_server_config: {${PAIR},\n min_version: TLS13, max_version: TLS12}`,
      ["2:15: min_version TLS13 is above max_version TLS12"],
    ],
    [
      "a curve nobody knows",
      `tls_server_config: {${PAIR},\n curve_preferences: [CurveP257]}`,
      [
        '2:22: expected one of CurveP256, CurveP384, CurveP521, X25519, found "CurveP257"; did you mean CurveP256?',
      ],
    ],
    [
      "a certificate that is none",
      `tls_server_config:\n  cert: nonsense\n  key_file: ${data}server.test.key`,
      ["2:9: holds no PEM certificate; it begins with -----BEGIN CERTIFICATE-----"],
    ],
    [
      "a key that is none",
      `tls_server_config:\n  cert_file: ${data}server.test.pem\n  key: nonsense`,
      ["3:8: holds no PEM private key without passphrase"],
    ],
    [
      "another's key",
      `tls_server_config:\n  cert_file: ${data}server.test.pem\n  key_file: ${data}client.test.key`,
      ["3:13: the private key does not belong to the certificate"],
    ],
    [
      "a CA without a policy",
      `tls_server_config: {${PAIR},\n client_ca_file: ${data}ca.test.pem}`,
      [
        "2:18: client CA's have been configured without a Client Auth Policy; set client_auth_type, such as RequireAndVerifyClientCert",
      ],
    ],
    [
      "a CA that is none",
      `tls_server_config: {${PAIR}, client_auth_type: RequireAndVerifyClientCert,\n client_ca_file: ${data}server.test.key}`,
      ["2:18: holds no PEM certificate; it begins with -----BEGIN CERTIFICATE-----"],
    ],
    [
      "names without a policy",
      `tls_server_config: {${PAIR}, client_auth_type: VerifyClientCertIfGiven,\n client_allowed_sans: [a]}`,
      [
        "2:23: client_allowed_sans requires client_auth_type to be one of RequireAnyClientCert or RequireAndVerifyClientCert",
      ],
    ],
    [
      "another header",
      "http_server_config: {headers: {Server: x}}",
      [
        '1:32: HTTP header "Server" can not be configured; only Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection, Content-Security-Policy',
      ],
    ],
    [
      "a header's wrong value",
      "http_server_config: {headers: {X-Frame-Options: DENY}}",
      [
        '1:32: invalid value for X-Frame-Options. Expected one of: ["deny","sameorigin"], but got: "DENY"',
      ],
    ],
    [
      "a header that splits",
      'http_server_config: {headers: {X-XSS-Protection: "a\\r\\nb: c"}}',
      ["1:32: invalid value for X-XSS-Protection: a character that no HTTP header can carry"],
    ],
    [
      "a plain password",
      "basic_auth_users:\n  alice: hunter2",
      [
        '2:10: expected a bcrypt hash ($2a$, $2b$ or $2y$, 60 characters); make one with: htpasswd -nBC 10 "" | tr -d ":\\n"',
      ],
    ],
    [
      "a password that is a number",
      "basic_auth_users:\n  alice: 1234567",
      ["2:10: expected a string, found a number"],
    ],
    ["no hash", "basic_auth_users:\n  alice:\n", ["2:9: expected a string, found nothing"]],
    [
      "a duration of no unit",
      "rate_limit:\n  interval: '1'\n  burst: 1",
      ['2:13: expected a duration such as 1s, 500ms or 1m30s, found "1"'],
    ],
    [
      "a duration that is a list",
      "rate_limit: {interval: [1s]}",
      ["1:24: expected a duration such as 1s, found a list"],
    ],
    [
      "half a request",
      "rate_limit: {interval: 1s, burst: 1.5}",
      ["1:35: expected a whole number, found the number 1.5"],
    ],
    [
      "two documents",
      "{}\n---\n{}",
      ["2:1: not valid YAML: a second document begins here; only one is allowed in a file"],
    ],
  ])("finds %s", (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it("names the file that a field names, and takes paths from the file's folder", () => {
    const file = write("tls_server_config: {cert_file: no.pem, key_file: no.key}");
    const missing = (name: string) =>
      `(${join(directory, name)}): ENOENT: no such file or directory, open '${join(directory, name)}'`;
    expect(checkWebConfig(file)).toEqual([
      `${file}:1:32: failed to read cert_file ${missing("no.pem")}`,
      `${file}:1:50: failed to read key_file ${missing("no.key")}`,
    ]);
  });

  it("names a configuration that is not there", () => {
    const file = join(directory, "gone.yml");
    expect(checkWebConfig(file)).toEqual([
      `cannot read the web configuration ${file}: there is no such file`,
    ]);
    expect(() => loadWebConfig(file)).toThrow(WebConfigError);
  });

  it("reports problems of all sections at once", () => {
    const text = `tls_server_config: {cert: x, key: y}\nhttp_server_config: {headers: {A: b}}\nbasic_auth_users: {a: b}\nrate_limit: {interval: never}\n`;
    expect(problemsOf(text).map((line) => line.split(":")[0])).toEqual(["1", "1", "2", "3", "4"]);
  });
});

describe("loadWebConfig", () => {
  it("gives what a server needs, and the files to watch", () => {
    const file = write(`
tls_server_config:
  cert_file: ${data}server.test.pem
  key_file: ${data}server.test.key
  client_auth_type: RequireClientCert
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  min_version: TLS11
http_server_config: {headers: {X-Frame-Options: deny, X-XSS-Protection: ""}}
basic_auth_users: {alice: ${HASH}}
rate_limit: {interval: 1m, burst: 3}
`);
    const { tls, ...rest } = loadWebConfig(file);
    expect(rest).toEqual({
      headers: new Map([["X-Frame-Options", "deny"]]),
      users: new Map([["alice", HASH]]),
      rateLimit: { intervalMs: 60_000, burst: 3 },
      files: [file, `${data}server.test.pem`, `${data}server.test.key`],
    });
    expect(tls).toEqual({
      clientAuth: "RequireAnyClientCert",
      allowedSans: undefined,
      secureContext: {
        cert: readFileSync(`${data}server.test.pem`, "utf8"),
        key: readFileSync(`${data}server.test.key`, "utf8"),
        ca: undefined,
        minVersion: "TLSv1.1",
        maxVersion: "TLSv1.3",
        ciphers:
          "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
        ecdhCurve: "X25519:P-256",
        honorCipherOrder: true,
      },
    });
  });
});
