import { describe, expect, it } from "vitest";
import { type Check, ok } from "../../packages/linklight/src/doctor/check.ts";
import { CHECKS } from "../../packages/linklight/src/doctor/checks.ts";
import {
  api,
  examineFakes,
  type FakePage,
  type FakePages,
  WELL_ENDPOINT,
  WELL_PROMETHEUS,
} from "../harness/fake-pipeline.ts";

const WELL: Check = { name: "well", needs: [], run: () => Promise.resolve([ok("fine")]) };
const FAILING: Check = {
  name: "failing",
  needs: [],
  run: () => Promise.reject(new Error("the disk is on fire")),
};
const NEEDY: Check = { ...WELL, name: "needy", needs: ["prometheus", "grafana"] };

/** Answers that nobody sane gives. */
const ODDITIES: readonly unknown[] = [
  ...[null, 5, "text", true, [], [null], {}, { groups: 5 }, { groups: [null, { rules: [null] }] }],
  ...[{ activeTargets: [null, 5, {}] }, { activeTargets: [{ scrapeUrl: "::", health: "down" }] }],
  ...[{ activeAlertmanagers: [null, { url: "" }, { url: 5 }], droppedAlertmanagers: 7 }],
  ...[
    { resultType: "vector", result: [null, { value: 5 }] },
    { resultType: "scalar", result: 5 },
  ],
  ...[{ targets: [null], labels: 5 }, [{ targets: 5 }], [{ targets: ["%%"], labels: null }]],
];

describe("examine", () => {
  it("gives the findings of all checks in their order", async () => {
    const { lines } = await examineFakes([FAILING, WELL, NEEDY], { grafana: {} });
    expect(lines).toEqual([
      "warning could not be checked: the disk is on fire → run linklight doctor again in a moment",
      "ok fine",
      "info not checked: it needs Prometheus and Grafana",
    ]);
  });

  it.each(ODDITIES.map((oddity) => [JSON.stringify(oddity), oddity] as const))(
    "takes no answer for an error of its own: %s",
    async (_, oddity) => {
      const odd = (pages: FakePages, answer: FakePage): FakePages =>
        Object.fromEntries(Object.keys(pages).map((path) => [path, answer]));
      const { lines } = await examineFakes(
        CHECKS.filter(({ name }) => name !== "docker"),
        {
          endpoint: { ...WELL_ENDPOINT, "/sd": { json: oddity } },
          prometheus: {
            ...odd(WELL_PROMETHEUS, api(oddity)),
            "/api/v1/status/buildinfo": api({ version: "3" }),
            "/metrics": JSON.stringify(oddity),
          },
          alertmanager: {
            "/api/v2/status": { json: { versionInfo: { version: "0" }, cluster: oddity } },
            "/api/v2/alerts": { json: oddity },
            "/api/v2/silences": { json: oddity },
          },
          grafana: {
            "/api/health": { json: { database: "ok" } },
            "/api/datasources": { json: oddity },
          },
        },
        { grafanaLogin: "a:b" },
      );
      const bugs = lines.filter((line) => /TypeError|undefined|cannot|Invalid|not a /i.test(line));
      expect(bugs).toEqual([]);
    },
  );
});
