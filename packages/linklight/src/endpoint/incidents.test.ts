import { request as httpRequest } from "node:http";
import { fabricOf, IncidentLog } from "@linklight/simulator";
import { type ListeningServer, listen, silentLogger } from "@linklight/toolkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { incidentsHandler, isForIncidents } from "./incidents.ts";

const fabric = fabricOf("leaf-48x25g-8x100g");
const clock = { now: 1000 };
let log: IncidentLog;
let server: ListeningServer;
let closed: ListeningServer;

beforeAll(async () => {
  log = IncidentLog.open({ fabric, now: () => clock.now, logger: silentLogger });
  server = await listen(incidentsHandler(log, { isEnabled: true }), { logger: silentLogger });
  closed = await listen(incidentsHandler(log, { isEnabled: false }), { logger: silentLogger });
});
afterAll(async () => {
  await server.close();
  await closed.close();
});

interface Answer {
  readonly status: number;
  readonly value: unknown;
  readonly headers: Headers;
}

async function ask(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = { "Content-Type": "application/json" },
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: body === undefined ? {} : headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const value: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, value, headers: response.headers };
}

/** As fetch, with headers that fetch keeps to itself. */
function askWith(headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(`${server.url}/incidents`, { method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("incidentsHandler", () => {
  it("starts, lists, shows and stops an incident", async () => {
    expect((await ask("GET", "/incidents")).value).toEqual([]);
    const wanted = {
      type: "dirty-optic",
      port: "Ethernet1/50",
      duration: "10m",
      parameters: { loss: 9 },
    };
    const started = await ask("POST", "/incidents", JSON.stringify(wanted, undefined, "\t"));
    const incident = {
      id: "dirty-optic-1",
      type: "dirty-optic",
      switch: fabric.switches[0]?.name,
      port: "Ethernet1/50",
      origin: "request",
      start: "2026-01-05T00:16:40.001Z",
      end: "2026-01-05T00:26:40.001Z",
      duration: "10m",
      parameters: { loss: 9 },
    };
    expect([started.status, started.headers.get("location"), started.value]).toEqual([
      201,
      "/incidents/dirty-optic-1",
      { ...incident, state: "scheduled" },
    ]);
    clock.now = 1100;
    const active = { ...incident, state: "active" };
    expect((await ask("GET", "/incidents")).value).toEqual([active]);
    expect((await ask("GET", "/incidents/dirty-optic-1")).value).toEqual(active);
    const stopped = await ask("DELETE", "/incidents/dirty-optic-1");
    expect([stopped.status, stopped.value]).toEqual([
      200,
      { ...active, end: "2026-01-05T00:18:20.001Z" },
    ]);
    clock.now = 1200;
    expect((await ask("GET", "/incidents?x=1")).value).toEqual([
      { ...incident, end: "2026-01-05T00:18:20.001Z", state: "ended" },
    ]);
  });

  it("answers all problems of a request at once, with their places", async () => {
    const body = '{"type":"dirty-optik","switch":"nowhere"}';
    expect(await ask("POST", "/incidents", body)).toMatchObject({
      status: 400,
      value: {
        errorType: "bad_data",
        error: `body:1:9: unknown incident "dirty-optik"; did you mean dirty-optic?\nbody:1:32: unknown switch "nowhere"; known: ${fabric.switches[0]?.name}`,
        problems: [
          {
            line: 1,
            column: 9,
            message: 'unknown incident "dirty-optik"; did you mean dirty-optic?',
          },
          {
            line: 1,
            column: 32,
            message: `unknown switch "nowhere"; known: ${fabric.switches[0]?.name}`,
          },
        ],
      },
    });
  });

  it.each([
    ["", "the body is not JSON"],
    ["type: reboot", "the body is not JSON"],
    ["[]", "body:1:1: expected a mapping, found a list"],
    ["{}", "body:1:1: field type is missing"],
    [
      '{"typ":"reboot"}',
      "body:1:1: field type is missing\nbody:1:2: field typ not found; did you mean type?",
    ],
    [
      '{"type":"reboot","duration":5}',
      "body:1:29: expected a duration such as 5m, found the number 5",
    ],
    ['{"type":"reboot","type":"reboot"}', 'body:1:18: key "type" already set at line 1; keep one'],
    [
      '{"type":"reboot","parameters":{"x":{}}}',
      "body:1:36: expected a number or a duration, found a mapping",
    ],
  ])("refuses the body %s", async (body, error) => {
    const { status, value } = await ask("POST", "/incidents", body);
    expect([status, value]).toEqual([
      400,
      expect.objectContaining({
        errorType: "bad_data",
        error: expect.stringContaining(error) as string,
      }),
    ]);
  });

  it.each([
    ["POST", "/incidents", "{}", { "Content-Type": "text/plain" }, 415],
    ["POST", "/incidents", "{}", { "Content-Type": "application/jsonp" }, 415],
    ["POST", "/incidents", "{}", { "Content-Type": "application/x-www-form-urlencoded" }, 415],
    ["POST", "/incidents", "{}", { "Content-Type": "Application/JSON; charset=utf-8" }, 400],
    ["PUT", "/incidents", undefined, undefined, 405],
    ["POST", "/incidents/reboot-1", undefined, undefined, 405],
    ["DELETE", "/incidents", undefined, undefined, 405],
    ["DELETE", "/incidents/", undefined, undefined, 405],
    ["DELETE", "/incidents/nonsense", undefined, undefined, 404],
    ["GET", "/incidents/%zz", undefined, undefined, 404],
    ["GET", "/incidents/a/b", undefined, undefined, 404],
    ["HEAD", "/incidents", undefined, undefined, 200],
  ])("answers %s %s with %j %j by %d", async (method, path, body, headers, status) => {
    expect((await ask(method, path, body, headers)).status).toBe(status);
  });

  it("takes no body that is larger than a request can be", async () => {
    const body = new Blob([`{"type":"${"x".repeat(70_000)}"}`]).stream();
    const headers = { "Content-Type": "application/json" };
    // Of a stream, nobody knows the length before it has come.
    const init: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers,
      body,
      duplex: "half",
    };
    expect((await fetch(`${server.url}/incidents`, init)).status).toBe(413);
  });

  it("refuses what a page of another site sends, and takes what one of its own does", async () => {
    const own = server.url;
    const { port } = new URL(own);
    const answers = await Promise.all(
      [
        {},
        { Origin: own },
        { Origin: `http://localhost:${port}`, Host: `localhost:${port}` },
        { Origin: "http://evil.example" },
        { Origin: "null" },
        { Origin: "" },
        { Origin: `http://127.0.0.1:${Number(port) + 1}` },
        // A name of the attacker's that leads here.
        { Origin: `http://evil.example:${port}`, Host: `evil.example:${port}` },
      ].map((headers) => askWith(headers as Record<string, string>)),
    );
    expect(answers).toEqual([200, 200, 200, 403, 403, 403, 403, 403]);
  });

  it.each(["GET", "POST", "DELETE"])(
    "does nothing on %s when it is not enabled",
    async (method) => {
      const response = await fetch(`${closed.url}/incidents`, { method });
      expect([response.status, await response.json()]).toEqual([
        403,
        {
          errorType: "unavailable",
          error: "incidents are not enabled: start the endpoint with --enable-incidents",
        },
      ]);
    },
  );
});

describe("isForIncidents", () => {
  it.each([
    ["/incidents", true],
    ["/incidents/", true],
    ["/incidents/link-down-1?x", true],
    ["/incidentsx", false],
    ["/", false],
  ])("says of %s: %s", (url, expected) => {
    expect(isForIncidents({ url } as never)).toBe(expected);
  });
});
