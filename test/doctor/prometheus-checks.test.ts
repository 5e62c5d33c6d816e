import { describe, expect, it } from "vitest";
import type { Check } from "../../packages/linklight/src/doctor/check.ts";
import type { ServiceName } from "../../packages/linklight/src/doctor/presence.ts";
import {
  alertmanagerCheck,
  alertmanagersCheck,
} from "../../packages/linklight/src/doctor-checks/alertmanagers.ts";
import {
  configurationCheck,
  storageCheck,
} from "../../packages/linklight/src/doctor-checks/prometheus.ts";
import { explainRuleError, rulesCheck } from "../../packages/linklight/src/doctor-checks/rules.ts";
import { targetsCheck } from "../../packages/linklight/src/doctor-checks/targets.ts";
import {
  api,
  examineFakes,
  type FakePages,
  WELL_ENDPOINT,
  WELL_PROMETHEUS,
} from "../harness/fake-pipeline.ts";

type OtherPages = Readonly<Partial<Record<ServiceName, FakePages>>>;

const linesOf = async (
  check: Check,
  pages: FakePages,
  others: OtherPages = {},
): Promise<readonly string[]> =>
  (
    await examineFakes([check], {
      ...others,
      prometheus: { ...WELL_PROMETHEUS, ...pages },
    })
  ).lines;

const target = (
  scrapeUrl: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  labels: { job: "custom prometheus", instance: scrapeUrl.replace(/^https?:\/\/|\/.*$/g, "") },
  ...{ scrapeUrl, health: "up", lastError: "", scrapeInterval: "5s", scrapeTimeout: "5s" },
  ...more,
});

const targets = (active: readonly unknown[], dropped: readonly unknown[] = []): FakePages => ({
  "/api/v1/targets": api({ activeTargets: active, droppedTargets: dropped }),
});

const REFUSED = {
  health: "down",
  lastError: 'Get "http://x/metrics": dial tcp 127.0.0.1:8000: connect: connection refused',
};

describe("targetsCheck", () => {
  it("counts what is up", async () => {
    const page = target("http://ENDPOINT/metrics");
    expect(await linesOf(targetsCheck, targets([page]), { endpoint: WELL_ENDPOINT })).toEqual([
      "ok 1 target is up",
    ]);
  });

  it("knows the pitfall of 127.0.0.1 in a container by an address that answers here", async () => {
    const page = target("http://ENDPOINT/metrics", REFUSED);
    const lines = await linesOf(targetsCheck, targets([page]), { endpoint: WELL_ENDPOINT });
    expect(lines).toEqual([
      expect.stringMatching(
        /^wrong ENDPOINT \(job "custom prometheus"\) is down: ENDPOINT answers here, but not Prometheus: it runs in a container, .* 127\.0\.0\.1 is that container itself → .*host\.docker\.internal/,
      ),
    ]);
  });

  it("puts targets of a job that are down for the same reason into one line", async () => {
    const down = ["leaf1", "leaf2", "leaf3"].map((instance) =>
      target(`http://127.0.0.1:1/switches/${instance}/metrics`, {
        ...REFUSED,
        labels: { job: "switches", instance },
      }),
    );
    expect(await linesOf(targetsCheck, targets(down))).toEqual([
      'wrong leaf1 and 2 more at 127.0.0.1:1 (job "switches") is down: nothing listens on 127.0.0.1:1 → start it, or correct the port',
    ]);
  });

  it("tells of what was not scraped yet, and of what is dropped", async () => {
    const page = target("http://other:1/metrics", { health: "unknown" });
    expect(await linesOf(targetsCheck, targets([page], [{}, {}]))).toEqual([
      "info 1 not scraped yet",
      "info 2 discovered targets are dropped by relabel_configs",
    ]);
  });

  it.each([
    [[], /^warning Prometheus has no targets → name some in scrape_configs/],
    [
      [{}],
      /^warning Prometheus has no targets; its relabel_configs drop all 1 that it discovers → correct keep and drop/,
    ],
  ])("warns when there is none, with %j dropped", async (dropped, expected) => {
    expect(await linesOf(targetsCheck, targets([], dropped))).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  it("warns when this endpoint is not among the targets", async () => {
    const page = target("http://other:1/metrics");
    const lines = await linesOf(targetsCheck, targets([page]), { endpoint: WELL_ENDPOINT });
    expect(lines).toEqual([
      "ok 1 target is up",
      expect.stringMatching(
        /^warning Prometheus does not scrape the endpoint at http:\/\/ENDPOINT → add/,
      ),
    ]);
  });

  it("recognises this endpoint by another name when Prometheus has its start time", async () => {
    const start =
      "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1790000000.12\n";
    const series = { metric: { instance: "endpoint:8000" }, value: [1, "1790000000.12"] };
    const lines = await linesOf(
      targetsCheck,
      {
        ...targets([target("http://endpoint:8000/metrics")]),
        "/api/v1/query": api({ resultType: "vector", result: [series] }),
      },
      { endpoint: { ...WELL_ENDPOINT, "/metrics": start } },
    );
    expect(lines).toEqual(["ok 1 target is up"]);
  });

  it("warns of an interval longer than queries look back, by the flag where it is set", async () => {
    const pages = {
      ...targets([target("http://other:1/metrics", { scrapeInterval: "2m" })]),
      "/api/v1/status/flags": api({ "query.lookback-delta": "1m" }),
    };
    expect(await linesOf(targetsCheck, pages)).toEqual([
      "ok 1 target is up",
      'warning the job "custom prometheus" is scraped every 2m, and queries look back 1m only: its graphs have gaps → scrape it every 2m or more often',
    ]);
  });

  it("says that it could not look when the API says no", async () => {
    const refusal = { json: { status: "error", error: "not now" } };
    expect(await linesOf(targetsCheck, { "/api/v1/targets": refusal })).toEqual([
      "warning could not be checked: /api/v1/targets answers: not now → run linklight doctor again in a moment",
    ]);
  });
});

describe("rulesCheck", () => {
  const rule = { name: "a:b", type: "recording", health: "ok", lastError: "" };
  const groups = (...list: readonly unknown[]): FakePages => ({
    "/api/v1/rules": api({ groups: list }),
  });

  it("counts rules", async () => {
    const group = { name: "g", rules: [rule, rule], interval: 15, evaluationTime: 0.01 };
    expect(await linesOf(rulesCheck, groups(group))).toEqual(["ok 2 rules in 1 groups"]);
  });

  it("names a rule that fails", async () => {
    const failing = {
      ...{ name: "PortDown", type: "alerting", health: "err" },
      lastError: "query timed out in expression evaluation",
    };
    expect(await linesOf(rulesCheck, groups({ name: "g", rules: [failing, rule] }))).toEqual([
      "info 1 of 2 rules work",
      'wrong the alert PortDown (group "g") cannot be evaluated: the expression takes too long (query timed out in expression evaluation) → shorten its ranges, or record parts of it by rules of their own',
    ]);
  });

  it("warns of a group that takes longer than its interval", async () => {
    const group = { name: "g", rules: [rule], interval: 15, evaluationTime: 21.35 };
    expect(await linesOf(rulesCheck, groups(group))).toEqual([
      "ok 1 rules in 1 groups",
      expect.stringMatching(/^warning the rule group "g" takes 21\.4 s and is due every 15 s: /),
    ]);
  });

  it("tells no rules from rule files that are not found", async () => {
    expect(await linesOf(rulesCheck, {})).toEqual([expect.stringMatching(/^info no rules: /)]);
    const yaml = "global: {}\nrule_files:\n- /rules/*.yml\n- more.yml\nscrape_configs: []\n";
    expect(await linesOf(rulesCheck, { "/api/v1/status/config": api({ yaml }) })).toEqual([
      expect.stringMatching(
        /^warning no rules, though rule_files names \/rules\/\*\.yml more\.yml → correct the paths/,
      ),
    ]);
  });
});

describe("explainRuleError", () => {
  it.each([
    [
      'found duplicate series for the match group {a="b"} on the right hand-side of the operation: [{…}, {…}];many-to-many matching not allowed: matching labels must be unique on one side',
      /^several series on one side .* \(found duplicate series for the match group \{a="b"\} on the right hand-side of the operation\)$/,
    ],
    [
      "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
      /^one series on one side of an operator matches several/,
    ],
    [
      "vector contains metrics with the same labelset after applying alert labels",
      /^after the rule's labels are set, two series are the same/,
    ],
    [
      "query processing would load too many samples into memory in query execution",
      /^the expression loads more samples than Prometheus allows/,
    ],
    ["exceeded limit of 10 with 20 alerts", /^it gives more results than the limit of its group/],
    ["something new", /^something new$/],
  ])("explains %s", (lastError, expected) => {
    expect(explainRuleError(lastError).means).toMatch(expected);
  });
});

describe("alertmanagersCheck", () => {
  const active = (url: string): FakePages => ({
    "/api/v1/alertmanagers": api({ activeAlertmanagers: [{ url }], droppedAlertmanagers: [] }),
  });
  const alertmanager: FakePages = {
    "/api/v2/status": { json: { versionInfo: { version: "0.33.1" } } },
    "/-/healthy": "OK",
  };

  it("finds the Alertmanager that answers", async () => {
    const pages = active("http://ALERTMANAGER/api/v2/alerts");
    expect(await linesOf(alertmanagersCheck, pages, { alertmanager })).toEqual([
      "ok alerts go to the Alertmanager at ALERTMANAGER",
    ]);
  });

  it("does not believe an answer here when Prometheus is seen to have a loopback of its own", async () => {
    const pages = {
      ...active("http://ALERTMANAGER/api/v2/alerts"),
      ...targets([target("http://ENDPOINT/metrics", REFUSED)]),
    };
    const others = { alertmanager, endpoint: WELL_ENDPOINT };
    expect(await linesOf(alertmanagersCheck, pages, others)).toEqual([
      expect.stringMatching(
        /^wrong Prometheus sends alerts to ALERTMANAGER, which answers here, but not Prometheus: .* → give it the name/,
      ),
    ]);
  });

  it("names the one that is stopped, and what was lost", async () => {
    const pages = {
      ...active("http://127.0.0.1:1/api/v2/alerts"),
      "/metrics": "prometheus_notifications_dropped_total 3\n",
    };
    expect(await linesOf(alertmanagersCheck, pages)).toEqual([
      expect.stringMatching(/^wrong the Alertmanager at 127\.0\.0\.1:1, .* is stopped → start it/),
      expect.stringMatching(/^warning Prometheus has lost 3 notifications since it started → /),
    ]);
  });

  it("says that another address has the Alertmanager", async () => {
    const pages = active("http://127.0.0.1:1/api/v2/alerts");
    expect(await linesOf(alertmanagersCheck, pages, { alertmanager })).toEqual([
      expect.stringMatching(
        /^wrong Prometheus sends alerts to 127\.0\.0\.1:1, where nothing listens, while an Alertmanager answers at http:\/\/ALERTMANAGER → correct/,
      ),
    ]);
  });

  it("takes a name of containers for what answers here", async () => {
    const pages = active("http://alertmanager.invalid:9093/api/v2/alerts");
    expect(await linesOf(alertmanagersCheck, pages, { alertmanager })).toEqual([
      "ok alerts go to alertmanager.invalid:9093, a name inside of containers; an Alertmanager answers at http://ALERTMANAGER",
    ]);
    expect(await linesOf(alertmanagersCheck, pages)).toEqual([
      expect.stringMatching(/^wrong .* a name that is not known here, and no Alertmanager answers/),
    ]);
  });

  it("sends nobody the name and password of Prometheus' configuration", async () => {
    const { requests } = await examineFakes([alertmanagersCheck], {
      alertmanager,
      prometheus: { ...WELL_PROMETHEUS, ...active("http://me:secret@ALERTMANAGER/api/v2/alerts") },
    });
    expect(requests.alertmanager?.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([
    [{ activeAlertmanagers: [], droppedAlertmanagers: [{}] }, {}, /^warning .* drops all 1 /],
    [{ activeAlertmanagers: [] }, {}, /^info Prometheus sends alerts to nobody/],
    [{ activeAlertmanagers: [] }, { alertmanager }, /^warning Prometheus sends alerts to nobody/],
  ])("tells that there is none: %j", async (data, others, expected) => {
    expect(
      await linesOf(alertmanagersCheck, { "/api/v1/alertmanagers": api(data) }, others),
    ).toEqual([expect.stringMatching(expected)]);
  });
});

describe("alertmanagerCheck", () => {
  const linesWith = async (cluster: string, more: FakePages = {}): Promise<readonly string[]> => {
    const status = { versionInfo: { version: "0.33.1" }, cluster: { status: cluster } };
    const alertmanager = { "/api/v2/status": { json: status }, ...more };
    return (await examineFakes([alertmanagerCheck], { alertmanager })).lines;
  };
  const withState = (state: string): unknown => ({ status: { state } });

  it("counts alerts, and silences that keep them back", async () => {
    const more = {
      "/api/v2/alerts": { json: [withState("active"), withState("suppressed")] },
      "/api/v2/silences": { json: [withState("active"), withState("expired")] },
    };
    expect(await linesWith("disabled", more)).toEqual([
      "ok 2 alerts, 1 of them silenced or inhibited",
      "info 1 silences are active: what they match is told to nobody",
    ]);
  });

  it("warns of one that waits for others", async () => {
    expect(await linesWith("ready")).toEqual(["ok 0 alerts, 0 of them silenced or inhibited"]);
    expect(await linesWith("settling")).toEqual([
      "ok 0 alerts, 0 of them silenced or inhibited",
      expect.stringMatching(/^warning Alertmanager waits for its cluster \(settling\), /),
    ]);
  });
});

describe("configurationCheck", () => {
  it("is content with a configuration that was loaded", async () => {
    expect(await linesOf(configurationCheck, {})).toEqual([
      "ok Prometheus has loaded prometheus.yml",
    ]);
  });

  it.each<FakePages>([
    { "/metrics": "prometheus_config_last_reload_successful 0\n" },
    { "/api/v1/status/runtimeinfo": api({ reloadConfigSuccess: false }) },
  ])("tells of one that is refused: %j", async (pages) => {
    expect(await linesOf(configurationCheck, pages)).toEqual([
      expect.stringMatching(/^wrong prometheus\.yml or one of its rule files .* → promtool check/),
    ]);
  });
});

describe("storageCheck", () => {
  it("says how much is kept for how long", async () => {
    expect(await linesOf(storageCheck, {})).toEqual(["ok 42 series, kept for 15d"]);
    expect(await linesOf(storageCheck, { "/api/v1/status/tsdb": { status: 404 } })).toEqual([
      "info how many series there are is not told, kept for 15d",
    ]);
  });

  it("tells of data that were repaired", async () => {
    const pages = { "/api/v1/status/runtimeinfo": api({ corruptionCount: 2 }) };
    expect(await linesOf(storageCheck, pages)).toEqual([
      expect.stringMatching(/^wrong Prometheus found 2 corruptions in its data/),
    ]);
  });

  it("says nothing of what is long over, where Prometheus knows when it was", async () => {
    const family = "prometheus_sd_http_failures_total";
    const growth = (value: string): FakePages => ({
      "/metrics": `# TYPE ${family} counter\n${family} 2\n`,
      "/api/v1/query": api({ resultType: "vector", result: [{ metric: {}, value: [1, value] }] }),
    });
    expect(await linesOf(storageCheck, growth("0"))).toHaveLength(1);
    expect(await linesOf(storageCheck, growth("1.5"))).toHaveLength(2);
  });

  it.each([
    [
      "prometheus_target_scrapes_sample_duplicate_timestamp_total",
      /^warning 5 samples .* same moment/,
    ],
    ["prometheus_target_scrapes_sample_out_of_order_total", /^warning 5 samples .* older/],
    ["prometheus_target_scrapes_sample_out_of_bounds_total", /^warning 5 samples .* in the future/],
    ["prometheus_sd_http_failures_total", /^warning service discovery by HTTP failed 5 times/],
    ["prometheus_tsdb_wal_writes_failed_total", /^warning 5 writes to the log on disk failed/],
  ])("warns when %s has counted", async (family, expected) => {
    const pages = {
      "/metrics": `# TYPE ${family} counter\n${family}{a="1"} 2\n${family}{a="2"} 3\n`,
    };
    expect(await linesOf(storageCheck, pages)).toEqual([
      "ok 42 series, kept for 15d",
      expect.stringMatching(expected),
    ]);
  });
});
