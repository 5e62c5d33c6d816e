import process from "node:process";
import { type ListeningServer, listen, sendText, silentLogger } from "@linklight/toolkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../program.ts";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

const received: Received[] = [];
const answers = new Map<string, readonly [status: number, body: string]>();
let server: ListeningServer;

beforeAll(async () => {
  server = await listen(
    async (request, response) => {
      let body = "";
      for await (const piece of request.setEncoding("utf8")) body += piece as string;
      const { method, url, headers } = request;
      received.push({ method, url, body, headers });
      const [, name = ""] = /^\/(\w*)/.exec(url ?? "") ?? [];
      if (name === "getonly" && method === "POST") return sendText(response, 405, "no\n");
      const [status, text] = answers.get(name) ?? [200, vector([])];
      sendText(response, status, text);
    },
    { logger: silentLogger },
  );
});
afterAll(() => server.close());

function vector(result: readonly unknown[]): string {
  return success("vector", result);
}

function success(resultType: string, result: unknown): string {
  return JSON.stringify({ status: "success", data: { resultType, result } });
}

/** Runs `linklight query …` in this process. */
async function query(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await run(["query", ...args]), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What is printed of a server's answer. */
async function printed(status: number, body: string, ...args: string[]) {
  answers.set("x", [status, body]);
  return await query("instant", `${server.url}/x/`, "up", "--time", "5", ...args);
}

const ODD = '<>&"\\ \n \t \u0001\b\f\u007f é\u2028';

// The texts are what promtool 3.5.3 prints of the same answers.
describe("linklight query", () => {
  it("asks by POST, with the time and the headers", async () => {
    expect(
      await query(
        "instant",
        `${server.url}/a`,
        'up{a="b"}',
        "--time",
        "1.5",
        "--header",
        "X-Y=c=d",
      ),
    ).toEqual({ code: 0, stdout: "\n", stderr: "" });
    expect(received.at(-1)).toMatchObject({
      method: "POST",
      url: "/a/api/v1/query",
      body: "query=up%7Ba%3D%22b%22%7D&time=1.5",
      headers: { "x-y": "c=d", "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
    });
  });

  it("asks by GET where POST is not taken, and gives name and password", async () => {
    const url = new URL(`${server.url}/getonly`);
    url.username = "me";
    url.password = "a b";
    expect((await query("instant", url.href, "up", "--time", "5")).code).toBe(0);
    expect(received.at(-1)).toMatchObject({
      method: "GET",
      url: "/getonly/api/v1/query?query=up&time=5",
      headers: { authorization: `Basic ${Buffer.from("me:a b").toString("base64")}` },
    });
  });

  it("asks for a range with the step that promtool takes", async () => {
    const range = ["range", `${server.url}/a`, "up", "--start", "1.5", "--end"];
    await query(...range, "700000");
    expect(received.at(-1)).toMatchObject({
      url: "/a/api/v1/query_range",
      body: "query=up&start=1.5&end=700000&step=2799",
    });
    await query(...range, "2023-11-14T22:23:20Z", "--step", "1m30s");
    expect(received.at(-1)?.body).toBe("query=up&start=1.5&end=1700000600&step=90");
  });

  it.each([
    ["vector", [], "\n", "[]\n"],
    [
      "scalar",
      [5.5, "1e+22"],
      "scalar: 10000000000000000000000 @[5.5]\n",
      '[5.5,"10000000000000000000000"]\n',
    ],
    ["string", [5, "a<b"], "a<b\n", '[5,"a\\u003cb"]\n'],
    [
      "vector",
      [
        { metric: { __name__: "odd", v: ODD, a: "1" }, value: [1_700_000_600.07, "1e-07"] },
        { metric: { __name__: "höhe x" }, value: [5, "-0"] },
        { metric: {}, value: [5, "NaN"] },
        {
          metric: { a: "b" },
          histogram: [
            1.5,
            {
              count: "3",
              sum: "7",
              buckets: [
                [0, "1", "2", "3"],
                [3, "-1", "1", "4"],
                [1, "-1", "1", "4"],
                [2, "-1", "+Inf", "4"],
              ],
            },
          ],
        },
      ],
      `odd{a="1", v="<>&\\"\\\\ \\n \\t \\x01\\b\\f\\x7f é\\u2028"} => 0.0000001 @[1700000600.07]
höhe x => -0 @[5]
{} => NaN @[5]
{a="b"} => Count: 3.000000, Sum: 7.000000, Buckets: [(1,2]:3 [-1,1]:4 [-1,1):4 (-1,+Inf):4] @[1.5]
`,
      `[{"metric":{"__name__":"odd","a":"1","v":"\\u003c\\u003e\\u0026\\"\\\\ \\n \\t \\u0001\\b\\f\u007f é\\u2028"},"value":[1700000600.07,"0.0000001"]},{"metric":{"__name__":"höhe x"},"value":[5,"-0"]},{"metric":{},"value":[5,"NaN"]},{"metric":{"a":"b"},"histogram":[1.5,{"count":"3","sum":"7","buckets":[[0,"1","2","3"],[3,"-1","1","4"],[1,"-1","1","4"],[2,"-1","+Inf","4"]]}]}]\n`,
    ],
    [
      "matrix",
      [
        { metric: { A: "b", Z: "b" }, values: [[1, "2"]] },
        {
          metric: { A: "b" },
          values: [
            [1, "2"],
            [1.001, "+Inf"],
          ],
        },
        { metric: { a: "c" }, values: [[1, "2"]], histograms: [[1.5, { count: "3", sum: "7" }]] },
        { metric: { a: "b" }, values: [[1, "2"]] },
      ],
      `{a="b"} =>
2 @[1]
{a="c"} =>
2 @[1]
Count: 3.000000, Sum: 7.000000, Buckets: [] @[1.5]
{A="b"} =>
2 @[1]
+Inf @[1.001]
{A="b", Z="b"} =>
2 @[1]
`,
      `[{"metric":{"A":"b","Z":"b"},"values":[[1,"2"]]},{"metric":{"A":"b"},"values":[[1,"2"],[1.001,"+Inf"]]},{"metric":{"a":"c"},"values":[[1,"2"]],"histograms":[[1.5,{"count":"3","sum":"7"}]]},{"metric":{"a":"b"},"values":[[1,"2"]]}]\n`,
    ],
  ])("prints a %s", async (type, result, text, json) => {
    const body = success(type, result);
    expect(await printed(200, body)).toEqual({ code: 0, stdout: text, stderr: "" });
    expect(await printed(200, body, "-o", "json")).toEqual({ code: 0, stdout: json, stderr: "" });
  });

  it.each([
    [422, '{"status":"error","errorType":"execution","error":"oops"}', "execution: oops"],
    [200, '{"status":"error","errorType":"execution","error":"oops","data":{}}', "execution: oops"],
    [404, "not here", "client_error: client error: 404 (detail: not here)"],
    [500, "boom\n", "server_error: server error: 500 (detail: boom)"],
    [503, "", "server_error: server error: 503"],
    [400, vector([]), "bad_response: inconsistent body for response code"],
    [200, "<html>", 'bad_response: expected JSON of Prometheus\' API, got "<html>"'],
    [200, "{}", "bad_response: the answer is not one of Prometheus' API to a query"],
  ])("says why there is no answer: %d %s", async (status, body, message) => {
    expect(await printed(status, body)).toEqual({
      code: 1,
      stdout: "",
      stderr: `query error: ${message}\n`,
    });
  });

  it("says where nothing listens", async () => {
    const closed = await listen(() => undefined, { logger: silentLogger });
    const { url } = closed;
    await closed.close();
    expect(await query("instant", url, "up")).toEqual({
      code: 1,
      stdout: "",
      stderr: `query error: ${url} does not answer: connection refused; nothing listens there\n`,
    });
  });

  it.each([
    [
      1,
      ["range", "a", "up", "--start", "5", "--end", "3"],
      "error: start time is not before end time",
    ],
    [
      1,
      ["range", "a", "up", "--end", "abc"],
      'error: error parsing end time: cannot parse "abc" to a valid timestamp: expected seconds since 1970, or such as 2026-02-01T12:30:00Z',
    ],
    [
      1,
      ["instant", "a", "up", "--time", "abc"],
      'error: error parsing evaluation time: cannot parse "abc" to a valid timestamp: expected seconds since 1970, or such as 2026-02-01T12:30:00Z',
    ],
    [
      2,
      ["range", "a", "up", "--step", "5x"],
      'error: --step: cannot read "5x": expected a duration such as 15s or 1m30s',
    ],
    [2, ["instant", "a"], "error: missing required argument 'expr'"],
    [
      2,
      ["instant", "://x", "up"],
      "error: command-argument value '://x' is invalid for argument 'server'. Expected an address such as http://localhost:9090.",
    ],
    [
      2,
      ["instant", "a", "up", "-o", "xml"],
      "error: option '-o, --format <format>' argument 'xml' is invalid. Allowed choices are promql, json.",
    ],
    [
      2,
      ["range", "a", "up", "--header", "bad"],
      "error: option '--header <name=value>' argument 'bad' is invalid. Expected name=value, got 'bad'.",
    ],
  ])("ends with %d for %j", async (code, args, message) => {
    expect(await query(...args)).toEqual({ code, stdout: "", stderr: `${message}\n` });
  });
});
