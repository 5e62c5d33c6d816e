import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { Logger } from "@linklight/model";
import type { ServerLimits } from "./limits.ts";
import { type ThrottledLog, throttleLog } from "./log/throttle.ts";

/**
 * Knows the connections of one server and the answers on their way: so that it can stop in order, and
 * cut the peer that takes no byte of its answer.
 */
export class ConnectionTracker {
  readonly #server: Server;
  readonly #limits: ServerLimits;
  readonly #debug: ThrottledLog;
  /** Open sockets and the number of answers under way on each. */
  readonly #sockets = new Map<Socket, number>();
  /** Bare sockets whose TLS handshake is not done, by the peer's address and port. */
  readonly #handshakes = new Map<string, Socket>();
  #closing = false;

  constructor(server: Server, limits: ServerLimits, logger: Logger) {
    this.#server = server;
    this.#limits = limits;
    this.#debug = throttleLog((message, fields) => logger.debug(message, fields));
    const warn = throttleLog((message, fields) => logger.warn(message, fields));

    if (server instanceof TlsServer) {
      // Until the handshake is done, the bare socket is ours to close; then it belongs to the TLS socket.
      server.on("connection", (socket: Socket) => this.#addHandshake(socket));
      server.on("secureConnection", (socket) => {
        this.#handshakes.delete(remoteOf(socket));
        this.#add(socket);
      });
    } else {
      server.on("connection", (socket) => this.#add(socket));
    }
    server.on("timeout", (socket) => this.#onQuiet(socket));
    server.on("drop", (drop) =>
      warn("too many connections, one was refused", {
        limit: limits.maxConnections,
        peer: drop?.remoteAddress,
      }),
    );
    server.on("clientError", (err, socket) =>
      this.#refuse(err as NodeJS.ErrnoException, socket as Socket),
    );
  }

  /** Counts an answer as under way until it is sent or its connection is gone. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    const socket = request.socket;
    this.#sockets.set(socket, (this.#sockets.get(socket) ?? 0) + 1);
    if (this.#closing) response.setHeader("Connection", "close");
    const timer = setTimeout(() => {
      this.#debug("an answer took too long, its connection was cut", { url: request.url });
      socket.destroy();
    }, this.#limits.responseTimeoutMs);
    timer.unref();

    response.once("finish", () => this.#drain(request, socket));
    response.once("close", () => {
      clearTimeout(timer);
      const left = (this.#sockets.get(socket) ?? 1) - 1;
      if (this.#sockets.has(socket)) this.#sockets.set(socket, left);
      if (this.#closing && left === 0) socket.destroySoon();
    });
  }

  /**
   * Stops listening, closes connections without an answer under way, lets the others finish for up
   * to `timeoutMs`, then cuts them. Resolves when no connection is left.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#handshakes.values()) socket.destroy();
    for (const [socket, answers] of this.#sockets) {
      if (answers === 0) socket.destroySoon();
    }
    const timer = setTimeout(() => {
      for (const socket of this.#sockets.keys()) socket.destroy();
    }, timeoutMs);
    await closed;
    clearTimeout(timer);
  }

  #addHandshake(socket: Socket): void {
    const remote = remoteOf(socket);
    this.#handshakes.set(remote, socket);
    socket.once("close", () => this.#handshakes.delete(remote));
    if (this.#closing) socket.destroy();
  }

  #add(socket: Socket): void {
    this.#sockets.set(socket, 0);
    socket.once("close", () => this.#sockets.delete(socket));
    if (this.#closing) socket.destroy();
  }

  // Neither side moved a byte for a while. While the handler still works that is no fault of the peer.
  #onQuiet(socket: Socket): void {
    const answers = this.#sockets.get(socket) ?? 0;
    if (answers > 0 && socket.writableLength === 0) {
      socket.setTimeout(this.#limits.writeTimeoutMs);
      return;
    }
    if (answers > 0) this.#debug("a reader took nothing, its connection was cut", peerOf(socket));
    socket.destroy();
  }

  // A body that the handler left unread is swallowed by Node, so that the peer gets to read the
  // answer; one that goes on past the limit, or for more than a second, is cut off.
  #drain(request: IncomingMessage, socket: Socket): void {
    // A handler that stopped reading in the midst may have cut the connection by that.
    if (request.complete || socket.destroyed) return;
    const start = socket.bytesRead;
    let checks = 0;
    const timer = setInterval(() => {
      if (request.complete || socket.destroyed) {
        clearInterval(timer);
      } else if (socket.bytesRead - start > this.#limits.maxBodyBytes || ++checks === 50) {
        clearInterval(timer);
        socket.destroy();
      }
    }, 20);
    timer.unref();
  }

  #refuse(err: NodeJS.ErrnoException, socket: Socket): void {
    // Nothing can be said after a reset, before a TLS handshake, or in the midst of another answer.
    if (err.code === "ECONNRESET" || !socket.writable || this.#sockets.get(socket) !== 0) {
      socket.destroy();
      return;
    }
    const [status, reason] = refusalOf(err.code);
    this.#debug("a malformed request was refused", { ...peerOf(socket), status, reason: err.code });
    const body = `${status}: ${reason}\n`;
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    // The peer has a second to read it: destroying at once would reset the connection under the answer.
    const timer = setTimeout(() => socket.destroy(), 1_000);
    timer.unref();
    socket.once("close", () => clearTimeout(timer));
  }
}

function refusalOf(code: string | undefined): readonly [status: number, reason: string] {
  switch (code ?? "") {
    case "HPE_HEADER_OVERFLOW":
      return [431, "Request Header Fields Too Large"];
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return [413, "Payload Too Large"];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, "Request Timeout"];
    default:
      return [400, "Bad Request"];
  }
}

function peerOf(socket: Socket): { peer: string | undefined } {
  return { peer: socket.remoteAddress };
}

function remoteOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
