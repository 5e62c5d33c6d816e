import { describe, expect, it } from "vitest";
import {
  metricsPageCheck,
  timeFindings,
} from "../../packages/linklight/src/doctor-checks/metrics-page.ts";
import {
  examineFakes,
  type FakePage,
  type FakePages,
  WELL_ENDPOINT,
  WELL_PROMETHEUS,
} from "../harness/fake-pipeline.ts";

const linesOf = async (pages: FakePages, prometheus?: FakePages): Promise<readonly string[]> =>
  (
    await examineFakes([metricsPageCheck], {
      endpoint: { ...WELL_ENDPOINT, ...pages },
      ...(prometheus && { prometheus }),
    })
  ).lines;

describe("metricsPageCheck", () => {
  it("counts what stands on a good page", async () => {
    expect(await linesOf({})).toEqual([
      expect.stringMatching(/^ok http:\/\/ENDPOINT\/metrics: 1 families, 1 metrics in \d+ ms$/),
    ]);
  });

  it("asks for the page as Prometheus does, and once", async () => {
    const { requests } = await examineFakes([metricsPageCheck, metricsPageCheck], {
      endpoint: WELL_ENDPOINT,
    });
    const accepts = requests.endpoint?.flatMap(({ accept }) => accept ?? []);
    expect(accepts).toEqual([expect.stringMatching(/^application\/openmetrics-text;version=1/)]);
  });

  it.each<[string, FakePages, RegExp]>([
    [
      "an endpoint that is not ready",
      { "/-/ready": { status: 503 } },
      /^wrong the endpoint is not ready: \/-\/ready answers 503 → wait/,
    ],
    [
      "a page with another status",
      { "/metrics": { status: 500 } },
      /^wrong http:\/\/ENDPOINT\/metrics answers 500 → look into the endpoint's log$/,
    ],
    [
      "a page that asks for a password",
      { "/metrics": { status: 401 } },
      /answers 401 → give name and password/,
    ],
    [
      "a page without Content-Type",
      { "/metrics": { body: "a 1\n" } },
      /no Content-Type, which Prometheus 3 refuses → let it send Content-Type: text\/plain/,
    ],
    [
      "a page that cannot be read",
      { "/metrics": "room_celsius warm\n" },
      /cannot be read: line 1, column \d+: .* → mend the collector that writes it; all of it: curl -s http:\/\/ENDPOINT\/metrics \| linklight check metrics$/,
    ],
    [
      "a page that could be better",
      { "/metrics": "# HELP doors Doors\n# TYPE doors counter\ndoors 1\n" },
      /^warning doors counter metrics should have "_total" suffix: .* → all of it: curl/,
    ],
    [
      "a collector that has failed",
      {
        "/metrics":
          '# HELP linklight_collector_success Whether\n# TYPE linklight_collector_success gauge\nlinklight_collector_success{collector="rooms"} 0\n',
      },
      /^wrong the collector rooms has failed: its metrics are missing → the endpoint's log says why$/,
    ],
  ])("tells of %s", async (_, pages, expected) => {
    expect(await linesOf(pages)).toEqual([expect.stringMatching(expected)]);
  });

  it("goes on without Prometheus' timeout where its targets cannot be had", async () => {
    const broken: FakePage = { status: 500, body: "{}" };
    const lines = await linesOf({}, { ...WELL_PROMETHEUS, "/api/v1/targets": broken });
    expect(lines).toEqual([expect.stringMatching(/^ok /)]);
  });
});

describe("timeFindings", () => {
  it.each([
    [100, "1s", []],
    [600, "1s", ["warning page took 0.6 s, more than half of the scrape timeout of 1s"]],
    [1100, "1s", ["wrong page took 1.1 s, longer than the scrape timeout of 1s"]],
    [6000, "10s", ["warning page took 6.0 s, more than half of the scrape timeout of 10s"]],
  ])("judges %i ms beside %s", (tookMs, timeout, expected) => {
    const findings = timeFindings("page", tookMs, timeout);
    expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual(expected);
  });
});
