import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Logger } from "@linklight/model";
import type { RequestHandler } from "../router.ts";

/** Stands between strangers and a handler, as web.yml says. */
export class WebConfigGuard {
  readonly isTls: boolean = false;

  /** Reads the file; rejects when it is wrong. */
  static async open(_file: string, _logger: Logger): Promise<WebConfigGuard> {
    throw new Error("web.yml is not supported yet");
  }

  /** Wraps a handler. */
  protect(handler: RequestHandler): RequestHandler {
    return handler;
  }

  /** Makes the HTTPS server, or nothing. */
  createTlsServer(
    _options: object,
    _handshakeTimeoutMs: number,
    _onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  ): Server | undefined {
    return undefined;
  }

  /** Stops. */
  close(): void {}
}
