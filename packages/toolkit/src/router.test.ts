import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { healthHandlers } from "./health.ts";
import { type ListeningServer, listen } from "./listen.ts";
import { silentLogger } from "./log/logger.ts";
import { createRouter, requestPath, sendText } from "./router.ts";

let server: ListeningServer;
let isReady = false;

beforeAll(async () => {
  const { healthy, ready } = healthHandlers({ name: "Endpoint", isReady: () => isReady });
  const router = createRouter([
    { path: "/metrics", handle: (_request, response) => sendText(response, 200, "up 1\n") },
    { path: "/-/reload", methods: ["POST"], handle: (_, response) => sendText(response, 200, "") },
    { path: "/-/healthy", handle: healthy },
    { path: "/-/ready", handle: ready },
  ]);
  server = await listen(router, { logger: silentLogger });
});
afterAll(() => server.close());

async function answer(path: string, method = "GET") {
  const response = await fetch(server.url + path, { method });
  return [response.status, await response.text()] as const;
}

describe("createRouter", () => {
  it("answers an exact path, with or without a query", async () => {
    expect(await answer("/metrics")).toEqual([200, "up 1\n"]);
    expect(await answer("/metrics?name[]=up")).toEqual([200, "up 1\n"]);
  });

  it("answers HEAD with the headers of GET and no body", async () => {
    const response = await fetch(`${server.url}/metrics`, { method: "HEAD" });
    expect([response.headers.get("content-length"), await response.text()]).toEqual(["5", ""]);
  });

  it("says what exists where nothing is found", async () => {
    expect(await answer("/foo")).toEqual([
      404,
      "404: nothing at /foo; here are: /metrics, /-/reload, /-/healthy, /-/ready\n",
    ]);
  });

  it("echoes no more than the beginning of a long path", async () => {
    const [status, text] = await answer(`/${"x".repeat(5000)}`);
    expect([status, text.length < 400]).toEqual([404, true]);
  });

  it("says which methods a path takes", async () => {
    const response = await fetch(`${server.url}/metrics`, { method: "DELETE" });
    expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([
      405,
      "GET, HEAD",
      "405: DELETE is not for /metrics; it takes: GET, HEAD\n",
    ]);
  });

  it("refuses two routes of one path", () => {
    const route = { path: "/", handle: () => {} };
    expect(() => createRouter([route, route])).toThrow(new TypeError("a path has two routes"));
  });
});

describe("healthHandlers", () => {
  it("are healthy from the start, and ready when they are", async () => {
    expect(await answer("/-/healthy")).toEqual([200, "Endpoint is Healthy.\n"]);
    expect(await answer("/-/ready")).toEqual([503, "Service Unavailable\n"]);
    isReady = true;
    expect(await answer("/-/ready")).toEqual([200, "Endpoint is Ready.\n"]);
  });
});

describe("requestPath", () => {
  it.each([
    ["/", "/"],
    ["/metrics?a=/b", "/metrics"],
    ["/a#b", "/a"],
    ["http://host:1/metrics?x", "/metrics"],
    ["http://host", "/"],
    ["http://host?x", "/"],
    ["*", "*"],
    ["//host/x", "//host/x"],
    ["", ""],
  ])("of %j is %j", (url, path) => {
    expect(requestPath(url)).toBe(path);
  });
});
