import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Logger } from "@linklight/model";
import { afterEach, describe, expect, it } from "vitest";
import { GaugeFamily } from "../family/number-family.ts";
import { Counter } from "../instrument/counter.ts";
import { Registry } from "../registry/registry.ts";
import { type HandlerOptions, metricsHandler } from "./handler.ts";
import { scrapeDeadline } from "./scrape-deadline.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(registry: Registry | Registry[], options?: HandlerOptions): Promise<number> {
  const server = createServer(metricsHandler(registry, options));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function ask(
  port: number,
  {
    method = "GET",
    path = "/metrics",
    headers = {},
  }: { method?: string; path?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, method, path, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
        response.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

function largeRegistry(series: number): Registry {
  const family = new GaugeFamily({ name: "level_bytes", help: "Level", labelNames: ["port"] });
  for (let port = 0; port < series; port++) family.series({ port }).set(port);
  return new Registry().register({ name: "large", collect: () => [family] });
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  named: () => silent,
};

describe("metricsHandler", () => {
  it("answers in the format that is asked for, and always says version, charset and escaping", async () => {
    const registry = new Registry();
    new Counter({ name: "scrapes_total", help: "Scrapes", registry });
    const port = await serve(registry);
    const [text, openmetrics] = await Promise.all([
      ask(port),
      ask(port, { headers: { accept: "application/openmetrics-text;version=1.0.0" } }),
    ]);
    expect([text.status, text.headers["content-type"], text.body.toString()]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
      "# HELP scrapes_total Scrapes\n# TYPE scrapes_total counter\nscrapes_total 0\n",
    ]);
    expect([openmetrics.headers["content-type"], openmetrics.body.toString()]).toEqual([
      "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
      "# HELP scrapes Scrapes\n# TYPE scrapes counter\nscrapes_total 0.0\n# EOF\n",
    ]);
  });

  it("tells caches that the page depends on both headers", async () => {
    const { headers } = await ask(await serve(new Registry()));
    expect(headers.vary).toBe("Accept, Accept-Encoding");
  });

  it("shows start times as series in OpenMetrics only when asked to", async () => {
    const registry = new Registry();
    new Counter({ name: "a_total", help: "A", registry, now: () => 5_250 });
    const port = await serve(registry, { createdSeries: true });
    const { body } = await ask(port, { headers: { accept: "application/openmetrics-text" } });
    expect(body.toString()).toContain("a_total 0.0\na_created 5.250\n");
  });

  it("gives the same page compressed to whoever accepts gzip", async () => {
    const port = await serve(largeRegistry(20_000));
    const plain = await ask(port);
    const gzip = await ask(port, { headers: { "accept-encoding": "gzip" } });
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(gzip.body.length).toBeLessThan(plain.body.length / 4);
    const values = (text: string) => text.split("\n").filter((line) => line.startsWith("level"));
    expect(values(gunzipSync(gzip.body).toString())).toEqual(values(plain.body.toString()));
    expect(values(plain.body.toString())).toHaveLength(20_000);
  });

  it("answers HEAD with the headers and without collecting", async () => {
    let collected = 0;
    const registry = new Registry().register({
      name: "c",
      collect: () => {
        collected += 1;
        return [];
      },
    });
    const { status, headers, body } = await ask(await serve(registry), { method: "HEAD" });
    expect([status, headers["content-type"], body.length, collected]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
      0,
      0,
    ]);
  });

  it("refuses other methods and says which are possible", async () => {
    const { status, headers, body } = await ask(await serve(new Registry()), { method: "POST" });
    expect([status, headers["allow"], body.toString()]).toEqual([
      405,
      "GET, HEAD",
      "POST is not possible here: use GET\n",
    ]);
  });

  it("gives only the families named in ?name[]=", async () => {
    const registry = new Registry();
    for (const name of ["a_total", "b_total", "c_total"])
      new Counter({ name, help: name, registry });
    const { body } = await ask(await serve(registry), {
      path: "/metrics?name[]=a_total&name%5B%5D=c_total",
    });
    expect(body.toString().match(/^[abc]_total/gm)).toEqual(["a_total", "c_total"]);
  });

  it("answers 503 past the limit of scrapes in flight", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const registry = new Registry().register({
      name: "slow",
      collect: async () => {
        await held;
        return [];
      },
    });
    const port = await serve(registry, { maxRequestsInFlight: 2 });
    const waiting = [ask(port), ask(port)];
    await new Promise((resolve) => setTimeout(resolve, 50));
    const refused = await ask(port);
    release();
    expect([refused.status, refused.body.toString()]).toEqual([
      503,
      "2 scrapes are under way, which is the limit: try again later\n",
    ]);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask(port)).status).toBe(200);
  });

  it("gives a collector the time that the scraper states, and answers before the scraper gives up", async () => {
    const registry = new Registry().register({
      name: "hangs",
      collect: () => new Promise(() => undefined),
    });
    const { body } = await ask(await serve(registry), {
      headers: { "x-prometheus-scrape-timeout-seconds": "0.1" },
    });
    expect(body.toString()).toContain('linklight_collector_success{collector="hangs"} 0\n');
  });

  it("serves several registries as one page, and leaves out what contradicts the first", async () => {
    const left = new Registry({ commonLabels: { switch: "leaf1" } });
    const right = new Registry({ commonLabels: { switch: "leaf2" } });
    for (const registry of [left, right]) new Counter({ name: "a_total", help: "A", registry });
    new Counter({ name: "b_total", help: "B", registry: left });
    right.register(new GaugeFamily({ name: "b", help: "B" }));
    const { body } = await ask(await serve([left, right]));
    expect(body.toString()).toBe(
      '# HELP a_total A\n# TYPE a_total counter\na_total{switch="leaf1"} 0\na_total{switch="leaf2"} 0\n# HELP b_total B\n# TYPE b_total counter\nb_total{switch="leaf1"} 0\n',
    );
  });

  it("says once what it leaves out of a page of several registries", async () => {
    const errors: string[] = [];
    const logger = { ...silent, error: (message: string) => errors.push(message) };
    const [left, right] = [new Registry(), new Registry()];
    for (const registry of [left, right]) new Counter({ name: "a_total", help: "A", registry });
    const port = await serve([left, right], { logger });
    await ask(port);
    await ask(port);
    expect(errors).toEqual([
      "registry 2: a family is left out: family a_total: duplicate series {}",
    ]);
  });

  it("cuts off a reader that takes nothing, and lets the next one in", async () => {
    const port = await serve(largeRegistry(200_000), {
      stalledReaderMs: 1000,
      maxRequestsInFlight: 1,
    });
    const socket = connect(port, "127.0.0.1");
    socket.pause();
    socket.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    const closed = new Promise<void>((resolve) =>
      servers.at(-1)?.once("connection", (s) => s.once("close", () => resolve())),
    );
    await closed;
    socket.destroy();
    expect((await ask(port)).status).toBe(200);
  });

  it("survives a reader that goes away in the middle", async () => {
    const port = await serve(largeRegistry(100_000));
    for (const headers of [{}, { "accept-encoding": "gzip" }]) {
      await new Promise<void>((resolve) => {
        const asked = request({ host: "127.0.0.1", port, headers, agent: false }, (response) => {
          response.once("data", () => {
            asked.destroy();
            resolve();
          });
        });
        asked.on("error", () => undefined);
        asked.end();
      });
    }
    expect((await ask(port)).status).toBe(200);
  });
});

describe("scrapeDeadline", () => {
  it.each([
    ["10", 9_500],
    ["0.2", 100],
    ["1e9", 599_500],
    [undefined, 9_500],
    ["", 9_500],
    ["soon", 9_500],
    ["-1", 9_500],
    ["NaN", 9_500],
    ["Infinity", 599_500],
  ])("takes a time-out of %s seconds for an answer within %i ms", (header, milliseconds) => {
    expect(scrapeDeadline(header, { now: () => 0 })).toBe(milliseconds);
  });
});
