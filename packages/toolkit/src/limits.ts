import type { Server } from "node:http";

/** What a server grants each stranger. Times in milliseconds, sizes in bytes. */
export interface ServerLimits {
  /** From the first byte of a request until its headers are complete; else 408. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request until its body is complete; else 408. */
  readonly requestTimeoutMs: number;
  /** How long an idle connection is kept for the next request. */
  readonly keepAliveTimeoutMs: number;
  /** How long a reader may take no byte of an answer before it is cut. */
  readonly writeTimeoutMs: number;
  /** From the arrival of a request to the last byte of its answer; else the connection is cut. */
  readonly responseTimeoutMs: number;
  /** Request line and headers together; past it 431. */
  readonly maxHeaderBytes: number;
  /** Headers of one request; with more, newer Nodes answer 431, and Node 20 drops the further ones. */
  readonly maxHeaders: number;
  /** A declared request body past it gets 413; what a handler leaves unread is drained up to it. */
  readonly maxBodyBytes: number;
  /** Open connections; further ones are closed at once. */
  readonly maxConnections: number;
  /** Requests on one connection, after which it is closed; 0 is without end. */
  readonly maxRequestsPerSocket: number;
}

/**
 * The limits a metrics endpoint needs. An honest scrape uses one connection, a dozen headers and no
 * body, and takes at most Prometheus' scrape timeout (10 s by default), so these are generous.
 */
export const DEFAULT_LIMITS: ServerLimits = {
  // A scraper's headers fit one packet; ten seconds allow for a slow link, and end a slowloris.
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  // Longer than the scrape interval of most (15 s, 30 s, 60 s), so that each scrape reuses its connection.
  keepAliveTimeoutMs: 75_000,
  // Prometheus gives up a scrape after 10 s by default; a reader that takes nothing for 30 s is gone.
  writeTimeoutMs: 30_000,
  // Prometheus' own --web.read-timeout; ends readers that take a byte now and then.
  responseTimeoutMs: 300_000,
  // Node's own default, and twice what most proxies send.
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  // Nothing of the endpoint reads a body; the room is for clients that send a small one by mistake.
  maxBodyBytes: 65_536,
  // Prometheus' own --web.max-connections.
  maxConnections: 512,
  maxRequestsPerSocket: 0,
};

/** The options of `http.createServer` that carry limits: some cannot be set later. */
export function serverOptions(limits: ServerLimits): {
  readonly maxHeaderSize: number;
  readonly connectionsCheckingInterval: number;
  readonly noDelay: boolean;
  readonly requireHostHeader: boolean;
} {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    // Node looks for overdue requests only this often (30 s by default, past our shortest limit).
    connectionsCheckingInterval: Math.max(50, Math.min(2_000, limits.headersTimeoutMs / 4)),
    noDelay: true,
    // RFC 9112, 3.2: a request of HTTP/1.1 without Host is answered 400.
    requireHostHeader: true,
  };
}

/** Sets the limits that are properties of a server. The slow reader is watched by `ConnectionTracker`. */
export function applyLimits(server: Server, limits: ServerLimits): void {
  server.headersTimeout = limits.headersTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.timeout = limits.writeTimeoutMs;
  server.maxHeadersCount = limits.maxHeaders;
  server.maxConnections = limits.maxConnections;
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
}
