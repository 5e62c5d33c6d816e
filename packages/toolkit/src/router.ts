import type { IncomingMessage, ServerResponse } from "node:http";

/** Answers one request: a plain function that fits `node:http` and every framework on top of it. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** One path and what answers it. */
export interface Route {
  /** The exact path, such as `/metrics`. */
  readonly path: string;
  /** `GET` and `HEAD` by default. Node leaves the body out of an answer to HEAD by itself. */
  readonly methods?: readonly string[];
  readonly handle: RequestHandler;
}

/**
 * Makes a handler that picks the route of the request's path. An unknown path gets 404 and the list
 * of those that exist, another method 405 with `Allow`; both as plain text.
 */
export function createRouter(routes: readonly Route[]): RequestHandler {
  const table = new Map(routes.map((route) => [route.path, route]));
  if (table.size !== routes.length) throw new TypeError("a path has two routes");
  const paths = [...table.keys()].join(", ");
  return (request, response) => {
    const path = requestPath(request.url ?? "/");
    const route = table.get(path);
    if (route === undefined) {
      sendText(response, 404, `404: nothing at ${shorten(path)}; here are: ${paths}\n`);
      return;
    }
    const methods = route.methods ?? ["GET", "HEAD"];
    if (!methods.includes(request.method ?? "GET")) {
      const allow = methods.join(", ");
      response.setHeader("Allow", allow);
      sendText(response, 405, `405: ${request.method} is not for ${path}; it takes: ${allow}\n`);
      return;
    }
    return route.handle(request, response);
  };
}

/** The path of a request target, without its query: `/metrics` of `/metrics?x=1` or `http://host/metrics`. */
export function requestPath(url: string): string {
  const end = url.search(/[?#]/);
  const target = end === -1 ? url : url.slice(0, end);
  if (target.startsWith("/")) return target;
  // The absolute form, which a proxy may send (RFC 9112, 3.2.2).
  const authority = target.indexOf("://");
  if (authority === -1) return target;
  const path = target.indexOf("/", authority + 3);
  return path === -1 ? "/" : target.slice(path);
}

/** Sends a short text. `response.end` is the last thing that happens to the response. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}

function shorten(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 200)}…`;
}
