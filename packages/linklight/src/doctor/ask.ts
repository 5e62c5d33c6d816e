import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import { noAnswerReason } from "../commands/server-url.ts";

/** The largest exposition that is looked at; those of thousands of ports are far smaller. */
const LONGEST_BODY = 64 * 1024 * 1024;

/** What {@link ask} can be told besides the address. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** `name:password`, sent to this address and to no other. */
  readonly login?: string | undefined;
  /** The path of a Unix socket that is asked instead of the address' host. */
  readonly socketPath?: string;
}

/** What a server answered, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** From the request to the last byte, in milliseconds. */
  readonly tookMs: number;
  /** This machine's clock when the request went out and when the headers were here, in ms since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** That there was no answer, and why in plain words. */
export interface Silence {
  readonly status: undefined;
  readonly reason: string;
  /** The system's word for it, such as `ECONNREFUSED`; `TIMEOUT` when the time was over. */
  readonly code: string;
  /** Whether somebody took the connection. */
  readonly isConnected: boolean;
}

/** What came of a request. */
export type Reply = Answer | Silence;

/**
 * Sends a GET request and waits for the whole answer, at most `timeoutMs`. Redirections are not followed, so
 * that a name and password go nowhere else. Never rejects.
 */
export async function ask(url: URL, timeoutMs: number, options: AskOptions = {}): Promise<Reply> {
  const request = url.protocol === "https:" ? (await import("node:https")).request : httpRequest;
  const begin = performance.now();
  const sentAt = Date.now();
  let isConnected = false;
  let hasBegun = false;
  const signal = AbortSignal.timeout(timeoutMs);
  const settings = {
    headers: { "User-Agent": "linklight-doctor", ...options.headers },
    signal,
    agent: false as const,
    ...(options.login !== undefined && { auth: options.login }),
    ...(options.socketPath !== undefined && { socketPath: options.socketPath }),
  };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, settings, resolve)
        .on("socket", (socket) => {
          socket.once("connect", () => {
            isConnected = true;
          });
        })
        .on("error", reject)
        .end();
    });
    const answeredAt = Date.now();
    hasBegun = true;
    const body = await bodyOf(response);
    const { statusCode: status = 0, headers } = response;
    return { status, headers, body, tookMs: performance.now() - begin, sentAt, answeredAt };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    // A body that is cut off by the time has an error of its own.
    const isLate = signal.aborted;
    const late = `${hasBegun ? "no complete answer" : "nothing"} within ${timeoutMs / 1000} s`;
    return {
      status: undefined,
      reason: isLate ? late : noAnswerReason(error, timeoutMs),
      code: isLate ? "TIMEOUT" : (code ?? name),
      isConnected,
    };
  }
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > LONGEST_BODY) break;
  }
  return Buffer.concat(pieces);
}

/** The body of an answer as text. */
export function textOf(answer: Answer): string {
  return new TextDecoder().decode(answer.body);
}

/** The body of an answer as JSON: undefined when it is none. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer));
  } catch {
    return undefined;
  }
}
