import type { IncomingMessage } from "node:http";

/**
 * Whether a request was sent by a page of another site in somebody's browser. Browsers name the site in
 * `Origin` whenever a request may change something; tools send none. A name of the attacker's that leads to
 * this machine (DNS rebinding) is foreign too: on loopback, a page can only have come from a loopback address.
 */
export function isForeign({ headers, socket }: IncomingMessage): boolean {
  const { origin, host = "" } = headers;
  if (origin === undefined) return false;
  // "null" is what a page without a site of its own sends.
  const from = URL.canParse(origin) ? new URL(origin) : undefined;
  const own = from && `${from.protocol}//${host}`;
  if (from === undefined || own === undefined || !URL.canParse(own)) return true;
  if (new URL(own).host !== from.host) return true;
  return isLoopback(socket.localAddress ?? "") && !isLoopback(from.hostname);
}

function isLoopback(host: string): boolean {
  return /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1|\[::1\]|localhost)$/i.test(host);
}
