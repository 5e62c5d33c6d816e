import { describe, expect, it } from "vitest";
import { clockCheck, dateSkewMs } from "../../packages/linklight/src/doctor-checks/clock.ts";
import { nodeFinding } from "../../packages/linklight/src/doctor-checks/node.ts";
import { switchesCheck } from "../../packages/linklight/src/doctor-checks/switches.ts";
import {
  api,
  examineFakes,
  type FakePages,
  WELL_ENDPOINT,
  WELL_PROMETHEUS,
} from "../harness/fake-pipeline.ts";

describe("switchesCheck", () => {
  const group = (name: string, address = "ENDPOINT"): unknown => ({
    targets: [address],
    labels: { __metrics_path__: `/switches/${name}/metrics`, instance: name },
  });
  const linesOf = async (sd: unknown, more: FakePages = {}): Promise<readonly string[]> =>
    (
      await examineFakes([switchesCheck], {
        endpoint: { ...WELL_ENDPOINT, "/sd": { json: sd }, ...more },
      })
    ).lines;

  it("asks the switches that are discovered", async () => {
    const pages = { "/switches/leaf1/metrics": "a 1\n", "/switches/leaf2/metrics": "a 1\n" };
    expect(await linesOf([group("leaf1"), group("leaf2")], pages)).toEqual([
      "ok 2 switches in /sd; 2 asked, all answer",
    ]);
  });

  it("names a switch that does not answer", async () => {
    const pages = { "/switches/leaf1/metrics": "a 1\n" };
    const sd = [group("leaf1"), group("leaf2"), group("leaf3", "127.0.0.1:1")];
    expect(await linesOf(sd, pages)).toEqual([
      expect.stringMatching(
        /^wrong leaf2: http:\/\/ENDPOINT\/switches\/leaf2\/metrics .*: status 404 →/,
      ),
      expect.stringMatching(/^wrong leaf3: http:\/\/127\.0\.0\.1:1\/.*: connection refused/),
    ]);
  });

  it("knows an endpoint without discovery, and one with a single switch", async () => {
    const { lines } = await examineFakes([switchesCheck], { endpoint: WELL_ENDPOINT });
    expect(lines).toEqual(["info this endpoint has no service discovery (/sd)"]);
    expect(await linesOf([])).toEqual(["ok one switch at most, on /metrics; /sd lists none"]);
  });

  it("tells of a list that is none", async () => {
    expect(await linesOf({ error: "x" })).toEqual([
      expect.stringMatching(/^wrong http:\/\/ENDPOINT\/sd gives no list of targets: status 200 → /),
    ]);
  });

  it("warns when Prometheus has none of the switches, and not when it has", async () => {
    const endpoint = {
      ...{ ...WELL_ENDPOINT, "/switches/leaf1/metrics": "a 1\n" },
      "/sd": { json: [group("leaf1")] },
    };
    const linesWith = async (scrapeUrl: string): Promise<readonly string[]> => {
      const targets = api({ activeTargets: [{ scrapeUrl }] });
      const prometheus = { ...WELL_PROMETHEUS, "/api/v1/targets": targets };
      return (await examineFakes([switchesCheck], { endpoint, prometheus })).lines;
    };
    const found = "ok 1 switches in /sd; 1 asked, all answer";
    expect(await linesWith("http://endpoint:8000/switches/leaf1/metrics")).toEqual([found]);
    expect(await linesWith("http://endpoint:8000/metrics")).toEqual([
      found,
      expect.stringMatching(
        /^warning Prometheus scrapes none of these switches → .*http_sd_configs/,
      ),
    ]);
  });
});

describe("clockCheck", () => {
  const seconds = (offset: number): string => String(Date.now() / 1000 + offset);
  const prometheusWith = (offset: number): FakePages => ({
    ...WELL_PROMETHEUS,
    "/api/v1/query": api({ resultType: "scalar", result: [0, seconds(offset)] }),
  });

  it("is content with clocks that say the same", async () => {
    const { lines } = await examineFakes([clockCheck], { prometheus: prometheusWith(0) });
    expect(lines).toEqual(["ok all clocks say the same as the one here"]);
  });

  it.each([
    [
      30,
      /^warning the clock of Prometheus' queries is (?:29|30) s ahead of the one here → let both/,
    ],
    [-30, /^warning the clock of Prometheus' queries is 3[0-5] s behind the one here/],
    [7200, /^wrong the clock of Prometheus' queries is 2 h ahead of/],
    [-600, /^wrong the clock of Prometheus' queries is 10 min behind/],
  ])("tells of a Prometheus that is %i s off", async (offset, expected) => {
    const { lines } = await examineFakes([clockCheck], { prometheus: prometheusWith(offset) });
    expect(lines).toEqual([expect.stringMatching(expected)]);
  });

  it("tells of a server whose Date header is off", async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const endpoint = {
      "/-/healthy": { body: "linklight is Healthy.\n", headers: { Date: date } },
    };
    const { lines } = await examineFakes([clockCheck], { endpoint });
    expect(lines).toEqual([
      expect.stringMatching(/^wrong the clock of the endpoint is 60 min behind the one here/),
    ]);
  });

  it("says that simulated time is another", async () => {
    const endpoint = {
      ...WELL_ENDPOINT,
      "/metrics": `# TYPE linklight_sim_time_seconds gauge\nlinklight_sim_time_seconds ${seconds(36_000)}\n# TYPE linklight_sim_speed_ratio gauge\nlinklight_sim_speed_ratio 60\n`,
    };
    const { lines } = await examineFakes([clockCheck], { endpoint });
    expect(lines).toEqual([
      "ok all clocks say the same as the one here",
      "info the simulated time is 10 h ahead of the clock and runs at 60 times its speed: rates are 60 times as high",
    ]);
  });
});

describe("dateSkewMs", () => {
  const skew = (
    date: string | undefined,
    sentAt: number,
    answeredAt: number,
  ): number | undefined => {
    const headers = date === undefined ? {} : { date };
    return dateSkewMs({
      headers,
      sentAt,
      answeredAt,
      status: 200,
      tookMs: 1,
      body: new Uint8Array(),
    });
  };
  const second = (s: number): string => new Date(s * 1000).toUTCString();

  it.each([
    ["the same second", second(100), 100_200, 100_300, 0],
    ["the second before, within the time of asking", second(99), 99_900, 100_300, 0],
    ["a second ahead of the answer", second(103), 100_000, 100_500, 2500],
    ["a whole second that was over before the question", second(97), 100_000, 100_500, -2000],
    ["no header", undefined, 0, 0, undefined],
    ["no date", "yesterday", 0, 0, undefined],
  ])("for %s", (_, date, sentAt, answeredAt, expected) => {
    expect(skew(date, sentAt, answeredAt)).toBe(expected);
  });
});

describe("nodeFinding", () => {
  it.each([
    ["20.19.0", "ok"],
    ["20.20.2", "ok"],
    ["26.0.0", "ok"],
    ["20.18.9", "wrong"],
    ["18.20.0", "wrong"],
  ])("judges Node %s", (version, severity) => {
    expect(nodeFinding(version).severity).toBe(severity);
  });
});
