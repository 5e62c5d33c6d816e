import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A small HTTP server on a free port of 127.0.0.1, and the headers of all requests it got. */
export interface TestServer {
  /** `127.0.0.1:port`, as a target stands in Prometheus' configuration. */
  readonly address: string;
  readonly requests: readonly IncomingHttpHeaders[];
  readonly close: () => Promise<void>;
}

/**
 * Passes requests on to `target` (`host:port`) with another Accept header: the way to make a Prometheus
 * without `scrape_protocols` ask for a format of our choice. `requests` holds what Prometheus sent.
 */
export function startScrapeProxy(target: string, accept: string): Promise<TestServer> {
  return startServer((incoming, response) => {
    const url = `http://${target}${incoming.url ?? "/"}`;
    const passed = request(url, { headers: { ...incoming.headers, accept } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", (error) => response.writeHead(502).end(error.message));
    passed.end();
  });
}

/** Serves whatever `answer` makes of each request. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer((incoming, response) => {
    requests.push(incoming.headers);
    answer(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address: `127.0.0.1:${port}`, requests, close };
}
