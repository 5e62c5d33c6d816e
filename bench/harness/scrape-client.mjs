import { Agent, request } from "node:http";

/**
 * Scrapes a server as Prometheus does, over one connection that is kept where the server allows it.
 * `take` is given the body's chunks as they come; by default they are dropped.
 *
 * Gives `{ firstByteMs, wholeMs, bytes, encoding }`: from the request to the first byte of the body and
 * to its end, and the length of the body as it was sent.
 */
export function scrapeClient(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    scrape: ({ gzip = false, take = () => {} } = {}) => scrape({ port, agent, gzip, take }),
    close: () => agent.destroy(),
  };
}

function scrape({ port, agent, gzip, take }) {
  return new Promise((resolve, reject) => {
    const headers = gzip ? { "Accept-Encoding": "gzip" } : {};
    let bytes = 0;
    let firstByteMs = 0;
    const start = performance.now();
    const asked = request({ host: "127.0.0.1", port, path: "/metrics", headers, agent });
    asked.once("error", reject);
    asked.once("response", (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`the server answered ${response.statusCode}`));
        response.destroy();
        return;
      }
      response.on("data", (chunk) => {
        if (bytes === 0) firstByteMs = performance.now() - start;
        bytes += chunk.length;
        take(chunk);
      });
      response.once("error", reject);
      response.once("end", () => {
        const encoding = response.headers["content-encoding"];
        resolve({ firstByteMs, wholeMs: performance.now() - start, bytes, encoding });
      });
    });
    asked.end();
  });
}
