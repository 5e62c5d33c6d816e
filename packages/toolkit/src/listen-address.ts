import { isIPv6 } from "node:net";

/** Where to listen. Without a host: on every interface of the machine. */
export interface ListenAddress {
  /** A name or an IP address, without brackets; undefined means every interface. */
  readonly host?: string | undefined;
  /** 0 to 65535; 0 lets the system choose a free one. */
  readonly port: number;
}

/**
 * Reads an address as `--web.listen-address` takes it: `:9090`, `127.0.0.1:8000`, `localhost:8000`,
 * `[::1]:8000`. Throws RangeError with the text and what was expected.
 */
export function parseListenAddress(text: string): ListenAddress {
  const colon = text.lastIndexOf(":");
  if (colon === -1) throw invalid(text, "the port is missing");
  const port = parsePort(text.slice(colon + 1));
  if (port === undefined) throw invalid(text, "the port is not a number from 0 to 65535");
  const host = text.slice(0, colon);
  if (host === "") return { port };
  if (host.startsWith("[") && host.endsWith("]")) {
    const inner = host.slice(1, -1);
    if (!isIPv6(inner)) throw invalid(text, "brackets hold an IPv6 address");
    return { host: inner, port };
  }
  if (host.includes(":")) throw invalid(text, "an IPv6 address stands in brackets");
  if (/[\s[\]/@]/.test(host)) throw invalid(text, "the host is not a name or an address");
  return { host, port };
}

/** Reads a port number, 0 to 65535, in decimal digits only; undefined when the text is none. */
export function parsePort(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** Writes an address as {@link parseListenAddress} reads it. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  if (host === undefined) return `:${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function invalid(text: string, reason: string): RangeError {
  return new RangeError(
    `not a listen address: "${text}": ${reason}; write host:port, such as 127.0.0.1:8000, [::1]:8000 or :8000`,
  );
}
