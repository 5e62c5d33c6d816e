import { mayBeEmpty } from "@linklight/dashboards";
import { beforeAll, describe, expect, it } from "vitest";
import { composeProject, DOCKER_MISSING, HAS_REAL_IMAGES } from "../harness/docker.ts";
import { fetchJson } from "../harness/fetch-json.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";
import type { Report } from "./grafana-checker/check.ts";

const SWITCHES = ["leaf1", "leaf2", "leaf3", "leaf4", "spine1", "spine2"];
/** What is broken: not what dashboards show at first, which is leaf1. */
const BROKEN = "leaf2";
/** An uplink of a leaf in the default fabric. */
const UPLINK = "Ethernet1/49";
const ALERT_WITHIN_MS = 240_000;

const DASHBOARDS = [
  "linklight-fabric",
  "linklight-first-steps",
  "linklight-port",
  "linklight-switch",
] as const;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

// One stack, taken through its life from top to bottom.
describe.skipIf(DOCKER_MISSING)("docker compose up", () => {
  const undo = undoAfterAll();
  const { compose, url, remove } = composeProject();

  const prometheus = async <T>(path: string): Promise<T> => {
    return (await fetchJson<{ data: T }>(`${url("prometheus")}/api/v1/${path}`)).data;
  };
  const count = async (expr: string): Promise<number> => {
    const { result } = await prometheus<{ result: { value: [number, string] }[] }>(
      `query?${new URLSearchParams({ query: expr })}`,
    );
    return Number(result[0]?.value[1] ?? 0);
  };

  beforeAll(async () => {
    undo(remove);
    // The one command of the README; the image is built on the way.
    await compose("up", "--detach", "--wait");
    await compose(
      ...["exec", "--no-TTY", "endpoint", "linklight", "incident", "start", "link-down"],
      ...["--switch", BROKEN, "--port", UPLINK, "--duration", "forever"],
    );
  });

  it("brings every switch, the endpoint, Prometheus and Alertmanager under one Prometheus", async () => {
    const labels = await until("all targets to be up", async () => {
      const { activeTargets } = await prometheus<{
        activeTargets: { labels: Record<string, string>; health: string }[];
      }>("targets");
      const up = activeTargets.filter(({ health }) => health === "up");
      return up.length === SWITCHES.length + 3 ? up.map((target) => target.labels) : undefined;
    });
    const custom = labels.filter(({ job }) => job === "custom prometheus");
    expect(custom.map(({ instance }) => instance).sort()).toEqual(
      ["endpoint:8000", ...SWITCHES].sort(),
    );
    expect(new Set(custom.map(({ group }) => group))).toEqual(new Set(["custom"]));
  });

  it("loads its rules, and none of them fails", async () => {
    const { groups } = await prometheus<{
      groups: { rules: { name: string; lastError?: string }[] }[];
    }>("rules");
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter(({ lastError }) => (lastError ?? "") !== "")).toEqual([]);
  });

  const checkStandIn = async (): Promise<void> => {
    const report = await until(
      "all queries to find what they ask for",
      async () => {
        const answer = await fetchJson<Report>(`${url("grafana")}/api/check`);
        return isComplete(answer) ? answer : undefined;
      },
      90_000,
    );
    expect(report.dashboards).toEqual([...DASHBOARDS]);
    expect(report.queries.length).toBeGreaterThanOrEqual(40);
  };

  const checkGrafana = async (): Promise<void> => {
    const headers = { Authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}` };
    const found = await until(
      "the dashboards to be there",
      async () => {
        const list = await fetchJson<{ uid: string }[]>(
          `${url("grafana")}/api/search?type=dash-db`,
          headers,
        );
        return list.length >= DASHBOARDS.length ? list.map(({ uid }) => uid).sort() : undefined;
      },
      120_000,
    );
    expect(found).toEqual([...DASHBOARDS]);
    const health = `${url("grafana")}/api/datasources/uid/prometheus/health`;
    expect(await fetchJson(health, headers)).toMatchObject({ status: "OK" });
  };

  it(
    HAS_REAL_IMAGES
      ? "gives Grafana its dashboards and a data source that works"
      : "gives Grafana's stand-in dashboards whose every query is answered",
    HAS_REAL_IMAGES ? checkGrafana : checkStandIn,
  );

  it("brings the alert UplinkDown of a broken uplink to Alertmanager and to whoever is told", async () => {
    const alert = await until(
      "an alert about the uplink",
      async () => {
        const alerts = await fetchJson<Alert[]>(`${url("alertmanager")}/api/v2/alerts`);
        return alerts.find(
          ({ labels }) => labels["instance"] === BROKEN && labels["port"] === UPLINK,
        );
      },
      ALERT_WITHIN_MS,
    );
    expect(alert.labels).toMatchObject({ alertname: "UplinkDown", severity: "critical" });
    expect(alert.annotations["summary"]).toContain(BROKEN);
    await until(
      "a notification",
      async () => {
        const log = await compose("logs", "--no-log-prefix", "notifications");
        return log
          .split("\n")
          .find((each) => / FIRING critical UplinkDown .*leaf2: Ethernet1\/49/.test(each));
      },
      60_000,
    );
  });

  it("keeps what it knows over a restart and over down, and loses it with down --volumes", async () => {
    // Long enough ago that nothing about it is still on its way.
    const then = Math.floor(Date.now() / 1000) - 10;
    const past = `count(last_over_time(up[1h] @ ${then}))`;
    const known = await count(past);
    expect(known).toBeGreaterThan(0);
    await compose("restart", "prometheus");
    expect(await until("Prometheus after its restart", () => count(past))).toBe(known);

    await compose("down");
    await compose("up", "--detach", "--wait");
    expect(await count(past)).toBe(known);
    const incidents = await compose(
      "exec",
      "--no-TTY",
      "endpoint",
      "linklight",
      "incident",
      "list",
    );
    expect(incidents).toContain(UPLINK);

    await compose("down", "--volumes");
    await compose("up", "--detach", "--wait");
    expect(await count(past)).toBe(0);
  });
});

/** Whether no query failed, and those that found nothing are known to do so on a good day. */
function isComplete({ problems, queries }: Report): boolean {
  const surprising = queries.filter(
    ({ dashboard, panel, refId, series }) =>
      series === 0 && mayBeEmpty(dashboard, panel, refId) === undefined,
  );
  const complaints = [...problems, ...surprising];
  if (complaints.length > 0) throw new Error(JSON.stringify(complaints, undefined, 1));
  return queries.length > 0;
}
