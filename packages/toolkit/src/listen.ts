import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "@linklight/model";
import { ConnectionTracker } from "./connections.ts";
import { applyLimits, DEFAULT_LIMITS, type ServerLimits, serverOptions } from "./limits.ts";
import { formatListenAddress, type ListenAddress, parseListenAddress } from "./listen-address.ts";
import { type AddressFlags, ListenError } from "./listen-error.ts";
import { type RequestHandler, sendText } from "./router.ts";
import { WebConfigGuard } from "./web-config/guard.ts";

/** Where and how {@link listen} listens. */
export interface ListenOptions {
  /** A name or an IP address; 127.0.0.1 by default. An empty one means every interface. */
  readonly host?: string | undefined;
  /** 0 to 65535; 0, the default, lets the system choose a free one. */
  readonly port?: number | undefined;
  /** Listens on each of these instead of `host` and `port`, in the form of `--web.listen-address`. */
  readonly addresses?: readonly string[] | undefined;
  /** An exporter-toolkit web.yml: TLS, authentication, headers, rate limit; read again when it changes. */
  readonly webConfigFile?: string | undefined;
  /** How often, at most, web.yml is looked at for changes; 1000 ms by default. */
  readonly webConfigRecheckMs?: number | undefined;
  readonly logger: Logger;
  /** What differs from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<ServerLimits> | undefined;
}

/** A server that listens. */
export interface ListeningServer {
  /** The first address as a browser takes it, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** The port of the first address: the real one where 0 was asked for. */
  readonly port: number;
  /** Every address it listens on, in the form of `--web.listen-address`. */
  readonly addresses: readonly string[];
  /**
   * Stops: no new connections, idle ones closed, answers under way finished within `timeoutMs`
   * (1500 by default, so that all of a shutdown fits 2 s), then cut. May be called again.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/**
 * Serves `handler` by HTTP, or by HTTPS when web.yml says so, within limits (limits.ts). A handler
 * that throws is answered with 500 and logged. Rejects with ListenError when an address cannot be
 * had, with YamlError or WebConfigError when web.yml is wrong; throws RangeError for a malformed address.
 */
export async function listen(
  handler: RequestHandler,
  options: ListenOptions,
): Promise<ListeningServer> {
  const { logger } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const wanted = wantedAddresses(options);
  const flags: AddressFlags = options.addresses
    ? { host: "--web.listen-address", port: "--web.listen-address" }
    : { host: "--host", port: "--port" };

  const guard = options.webConfigFile
    ? WebConfigGuard.open(options.webConfigFile, logger, {
        recheckMs: options.webConfigRecheckMs,
      })
    : undefined;
  const listeners: Listener[] = [];
  const closeAll = async (timeoutMs: number): Promise<void> => {
    await Promise.all(listeners.map(({ tracker }) => tracker.close(timeoutMs)));
    await guard?.close();
  };
  try {
    for (const address of wanted) {
      const listener = createListener(handler, guard, limits, logger);
      await bind(listener.server, address, flags);
      listener.server.on("error", (err) => logger.error("the listener failed", { err }));
      listeners.push(listener);
    }
  } catch (err) {
    await closeAll(0);
    throw err;
  }

  const bound = listeners.map(({ server }, i) => boundAddress(server, wanted[i]));
  const first = bound[0];
  if (first === undefined) throw new RangeError("no address to listen on");
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(first, guard?.isTls ?? false),
    port: first.port,
    addresses: bound.map(formatListenAddress),
    close({ timeoutMs = 1500 } = {}) {
      closing ??= closeAll(timeoutMs);
      return closing;
    },
  };
}

interface Listener {
  readonly server: Server;
  readonly tracker: ConnectionTracker;
}

function createListener(
  handler: RequestHandler,
  guard: WebConfigGuard | undefined,
  limits: ServerLimits,
  logger: Logger,
): Listener {
  const answer = safely(guard?.protect(handler) ?? handler, logger);
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    tracker.begin(request, response);
    if (Number(request.headers["content-length"] ?? 0) > limits.maxBodyBytes) {
      response.setHeader("Connection", "close");
      sendText(response, 413, `413: the body is longer than ${limits.maxBodyBytes} bytes\n`);
      return;
    }
    answer(request, response);
  };
  const nodeOptions = serverOptions(limits);
  const server: Server =
    guard?.createTlsServer(nodeOptions, limits.headersTimeoutMs, onRequest) ??
    createServer(nodeOptions, onRequest);
  applyLimits(server, limits);
  const tracker = new ConnectionTracker(server, limits, logger);
  return { server, tracker };
}

// A handler that fails costs one answer, never the process.
function safely(
  handler: RequestHandler,
  logger: Logger,
): (request: IncomingMessage, response: ServerResponse) => void {
  const fail = (request: IncomingMessage, response: ServerResponse, err: unknown): void => {
    logger.error("a request failed", { method: request.method, url: request.url, err });
    if (response.headersSent) response.destroy();
    else sendText(response, 500, "500: Internal Server Error\n");
  };
  return (request, response) => {
    try {
      const pending = handler(request, response);
      pending?.catch((err: unknown) => fail(request, response, err));
    } catch (err) {
      fail(request, response, err);
    }
  };
}

function wantedAddresses(options: ListenOptions): readonly ListenAddress[] {
  if (options.addresses !== undefined) {
    if (options.addresses.length === 0) throw new RangeError("no address to listen on");
    return options.addresses.map(parseListenAddress);
  }
  const { host = "127.0.0.1", port = 0 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`not a port: ${port}: expected a whole number from 0 to 65535`);
  }
  return [{ host: host === "" ? undefined : host, port }];
}

function bind(server: Server, address: ListenAddress, flags: AddressFlags): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (err: NodeJS.ErrnoException): void => {
      reject(new ListenError(address, err, flags));
    };
    server.once("error", onError);
    const { host, port } = address;
    // Without a host Node listens on every interface, of IPv6 and IPv4 alike.
    server.listen(host === undefined ? { port } : { host, port }, () => {
      server.off("error", onError);
      resolve();
    });
  });
}

function boundAddress(server: Server, wanted: ListenAddress | undefined): ListenAddress {
  return { host: wanted?.host, port: (server.address() as AddressInfo).port };
}

function urlOf({ host, port }: ListenAddress, isTls: boolean): string {
  // An address that stands for all of them is none a browser can open.
  const name = host === undefined || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `${isTls ? "https" : "http"}://${formatListenAddress({ host: name, port })}`;
}
