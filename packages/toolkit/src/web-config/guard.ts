import { statSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, type Server as HttpsServer, type ServerOptions } from "node:https";
import type { Logger } from "@linklight/model";
import { type ThrottledLog, throttleLog } from "../log/throttle.ts";
import { type RequestHandler, sendText } from "../router.ts";
import { PasswordChecker, parseBasicAuth } from "./basic-auth.ts";
import { clientCertificateOptions, clientCertificateProblem } from "./client-certificate.ts";
import { loadWebConfig, type WebConfig } from "./load.ts";
import { RateLimiter } from "./rate-limiter.ts";

/** What {@link WebConfigGuard.open} can be told. */
export interface WebConfigGuardOptions {
  /** How often, at most, the files are looked at for changes; 1000 ms by default. */
  readonly recheckMs?: number | undefined;
  /** Milliseconds that never go back. */
  readonly now?: (() => number) | undefined;
}

/**
 * Stands between strangers and a handler, as a web.yml says: TLS, client certificates, headers, rate
 * limit, passwords.
 *
 * The file and the certificates it names are looked at with new connections and requests, and read
 * again when they changed. A new version that is wrong is logged once and the last good one stays in
 * force: a slip of the pen does not stop the monitoring, nor open it. Whether there is TLS at all is
 * settled at the start, as in exporter-toolkit.
 */
export class WebConfigGuard {
  readonly isTls: boolean;
  readonly #file: string;
  readonly #logger: Logger;
  readonly #debug: ThrottledLog;
  readonly #now: () => number;
  readonly #recheckMs: number;
  readonly #passwords = new PasswordChecker();
  readonly #tlsServers: HttpsServer[] = [];
  #config: WebConfig;
  #limiter: RateLimiter | undefined;
  #signature: string;
  #nextCheck: number;
  /** What was wrong with the last version that was read, so that it is logged once. */
  #complaint: string | undefined;

  private constructor(file: string, logger: Logger, options: WebConfigGuardOptions) {
    this.#file = file;
    this.#logger = logger;
    this.#debug = throttleLog((message, fields) => logger.debug(message, fields));
    this.#now = options.now ?? (() => performance.now());
    this.#recheckMs = options.recheckMs ?? 1000;
    this.#config = loadWebConfig(file);
    this.#signature = signatureOf(this.#config.files);
    this.#nextCheck = this.#now() + this.#recheckMs;
    this.isTls = this.#config.tls !== undefined;
    this.#adopt(this.#config);
  }

  /** Reads the file. Throws WebConfigError or YamlError when it is wrong. */
  static open(file: string, logger: Logger, options: WebConfigGuardOptions = {}): WebConfigGuard {
    return new WebConfigGuard(file, logger, options);
  }

  /** Wraps a handler: it sees only the requests that web.yml lets pass. */
  protect(handler: RequestHandler): RequestHandler {
    return (request, response) => {
      this.refresh();
      const { headers, users } = this.#config;
      for (const [name, value] of headers) response.setHeader(name, value);
      if (this.#limiter?.allow() === false) {
        sendText(response, 429, "Too Many Requests\n");
        return;
      }
      if (users.size === 0) return handler(request, response);
      return this.#authenticated(handler, request, response);
    };
  }

  /** Makes the HTTPS server that web.yml asks for; undefined when it asks for plain HTTP. */
  createTlsServer(
    options: ServerOptions,
    handshakeTimeoutMs: number,
    onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  ): Server | undefined {
    const { tls } = this.#config;
    if (tls === undefined) return undefined;
    const server = createServer(
      {
        ...options,
        ...tls.secureContext,
        ...clientCertificateOptions(tls),
        handshakeTimeout: handshakeTimeoutMs,
      },
      onRequest,
    );
    // Before the handshake of a new connection: a renewed certificate is already served to it.
    server.prependListener("connection", () => this.refresh());
    server.prependListener("secureConnection", (socket) => {
      const current = this.#config.tls;
      const problem = current && clientCertificateProblem(socket, current);
      if (problem === undefined) return;
      this.#debug("a connection was refused", { reason: problem, peer: socket.remoteAddress });
      socket.destroy();
    });
    this.#tlsServers.push(server);
    // An HTTPS server is an HTTP server in all that matters here, though not to the type checker.
    return server as unknown as Server;
  }

  /** Looks whether the files changed, at most once each `recheckMs`, and takes over what is right. */
  refresh(): void {
    const now = this.#now();
    if (now < this.#nextCheck) return;
    this.#nextCheck = now + this.#recheckMs;
    const signature = signatureOf(this.#config.files);
    // A file that a broken version names is not watched yet: so a broken version is read each time.
    if (signature === this.#signature && this.#complaint === undefined) return;
    try {
      const config = loadWebConfig(this.#file);
      if ((config.tls !== undefined) !== this.isTls) {
        const change = this.isTls ? "removed" : "added";
        throw new Error(`tls_server_config was ${change}; restart for that to take effect`);
      }
      this.#signature = signatureOf(config.files);
      this.#complaint = undefined;
      this.#adopt(config);
      this.#logger.info("web configuration read again", { file: this.#file });
    } catch (err) {
      const complaint = err instanceof Error ? err.message : String(err);
      if (complaint !== this.#complaint) {
        this.#logger.error("the new web configuration is wrong, the last good one stays in force", {
          file: this.#file,
          err,
        });
      }
      this.#complaint = complaint;
    }
  }

  /** Frees what the guard holds beside memory. */
  close(): Promise<void> {
    return this.#passwords.close();
  }

  #adopt(config: WebConfig): void {
    const old = this.#config.rateLimit;
    const limit = config.rateLimit;
    const isSame = old?.intervalMs === limit?.intervalMs && old?.burst === limit?.burst;
    if (!isSame || this.#limiter === undefined) {
      this.#limiter = limit && new RateLimiter(limit, this.#now);
      if (limit !== undefined && limit.burst < 1) {
        this.#logger.warn("rate_limit has no burst: every request will be refused with 429");
      }
    }
    this.#config = config;
    const { tls } = config;
    if (tls === undefined) return;
    for (const server of this.#tlsServers) {
      server.setSecureContext(tls.secureContext);
      // Node reads these two properties of the server at each new connection.
      Object.assign(server, clientCertificateOptions(tls));
    }
  }

  async #authenticated(
    handler: RequestHandler,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const credentials = parseBasicAuth(request.headers.authorization);
    const verdict =
      credentials === undefined
        ? "denied"
        : await this.#passwords.check(credentials, this.#config.users);
    if (verdict === "granted") return handler(request, response);
    if (verdict === "busy") {
      response.setHeader("Retry-After", "1");
      sendText(response, 503, "Service Unavailable\n");
      return;
    }
    if (credentials !== undefined) {
      this.#debug("a wrong user name or password", { peer: request.socket.remoteAddress });
    }
    response.setHeader("WWW-Authenticate", "Basic");
    sendText(response, 401, "Unauthorized\n");
  }
}

// Size and times of each file: changes when a file is written, replaced, removed or put back.
function signatureOf(files: readonly string[]): string {
  const parts = files.map((file) => {
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
    return stat && [stat.ino, stat.size, stat.mtimeNs].join(" ");
  });
  return parts.join("\n");
}
