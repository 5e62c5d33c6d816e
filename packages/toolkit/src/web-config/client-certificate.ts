import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import type { TlsServerConfig } from "./tls-config.ts";

/** The options of a TLS server that make it ask for client certificates. */
export function clientCertificateOptions({ clientAuth }: TlsServerConfig): {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
} {
  return {
    requestCert: clientAuth !== "NoClientCert",
    rejectUnauthorized: clientAuth === "RequireAndVerifyClientCert",
  };
}

/** Why a connection is refused after its handshake, by Go's rules for client certificates; or undefined. */
export function clientCertificateProblem(
  socket: TLSSocket,
  { clientAuth, allowedSans }: TlsServerConfig,
): string | undefined {
  if (clientAuth === "NoClientCert" || clientAuth === "RequestClientCert") return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    return clientAuth === "VerifyClientCertIfGiven"
      ? undefined
      : "client did not provide a certificate";
  }
  if (clientAuth !== "RequireAnyClientCert" && !socket.authorized) {
    return `client certificate is not trusted: ${String(socket.authorizationError)}`;
  }
  if (allowedSans === undefined) return undefined;
  const allowed = new Set(allowedSans.map(canonicalSan));
  const names = parseSubjectAltName(certificate.subjectAltName ?? "");
  return names.some((name) => allowed.has(canonicalSan(name)))
    ? undefined
    : "could not find allowed SANs in client cert";
}

/**
 * The names in a certificate's subjectAltName as Node prints it (`DNS:a, IP Address:1.2.3.4`): of
 * DNS names, addresses, e-mail addresses and URIs. Names with odd characters are quoted there, so
 * that none can pass for two.
 */
export function parseSubjectAltName(text: string): string[] {
  const names: string[] = [];
  let rest = text;
  while (rest !== "") {
    const quoted = /^(DNS|IP Address|email|URI):("(?:[^"\\]|\\.)*")(?:, |$)/.exec(rest);
    const end = rest.indexOf(", ");
    const entry = quoted?.[0] ?? (end === -1 ? rest : rest.slice(0, end + 2));
    const plain = /^(DNS|IP Address|email|URI):([^"].*?)(?:, )?$/s.exec(entry);
    if (quoted?.[2] !== undefined) {
      const name = attemptJson(quoted[2]);
      if (name !== undefined) names.push(name);
    } else if (plain?.[2] !== undefined) {
      names.push(plain[2]);
    }
    rest = rest.slice(entry.length);
  }
  return names;
}

// An IPv6 address has many spellings: OpenSSL prints 2001:DB8:0:0:0:0:0:7, people write 2001:db8::7.
function canonicalSan(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
}

function attemptJson(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
