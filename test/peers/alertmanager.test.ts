import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { ALERTS_FILE } from "../alerts/alerting-rules.ts";
import { type RunningAlertmanager, startAlertmanager } from "../harness/alertmanager.ts";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { startServer } from "../harness/http-server.ts";
import { findPeer, PROMETHEUS_PEERS } from "../harness/peer.ts";
import { startPrometheus } from "../harness/prometheus.ts";
import { runProgram } from "../harness/run-program.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));
const configuration = new URL("../../deploy/alertmanager/alertmanager.yml", import.meta.url);
const newest = PROMETHEUS_PEERS.findLast(({ missing }) => !missing);
const missing = newest === undefined || findPeer("alertmanager") === undefined;

/** The longest `for` of these alerts is a minute; a scrape, an evaluation and a notification come on top. */
const WITHIN_MS = 150_000;

/** One alert of each severity, and what raises it. */
const RAISED = [
  [
    "critical",
    "PowerSupplyFailed",
    "leaf1",
    ["psu-loss", "--switch", "leaf1", "--duration", "forever"],
  ],
  [
    "warning",
    "FanFailed",
    "spine1",
    ["fan-failure", "--switch", "spine1", "--duration", "forever"],
  ],
  ["info", "SwitchRebooted", "leaf2", ["reboot", "--switch", "leaf2", "--duration", "10s"]],
] as const;

// The rules as they are, `for` and all; only looked at each second, so that the test need not wait for that.
describe.skipIf(missing)("an incident that is started by hand", () => {
  const undo = undoAfterAll();
  const told: Told[] = [];
  let endpoint: RunningEndpoint;
  let alertmanager: RunningAlertmanager;

  beforeAll(async () => {
    const folder = temporaryFolder("live");
    undo(folder.remove);
    endpoint = await startEndpoint(
      "--collector",
      "switch",
      "--fabric",
      "leaf-spine:2x1",
      "--enable-incidents",
    );
    undo(endpoint.stop);
    const receiver = await startServer((incoming, response) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      incoming.on("end", () => {
        told.push(...(JSON.parse(body) as { alerts: Told[] }).alerts);
        response.end();
      });
    });
    undo(receiver.close);
    const file = join(folder.path, "alertmanager.yml");
    writeFileSync(file, configured(receiver.address));
    alertmanager = await startAlertmanager(file);
    undo(alertmanager.stop);
    const rules = join(folder.path, "alerts.yml");
    writeFileSync(rules, eachSecond(readFileSync(ALERTS_FILE, "utf8")));
    const config = scraping({
      endpoint: endpoint.address,
      alertmanager: alertmanager.address,
      rules,
    });
    const prometheus = await startPrometheus(newest?.role ?? "prometheus-3", { config });
    undo(prometheus.stop);
    await prometheus.scraped(3);
    // So that there is a sample from before the reboot.
    await until(
      "a sample of leaf2",
      async () => (await prometheus.query('switch_boot_time_seconds{instance="leaf2"}'))[0],
    );
    for (const [, , , request] of RAISED) await incident("start", ...request);
  });

  it.each(RAISED)(
    "arrives in Alertmanager: %s, %s of %s",
    async (severity, alertname, instance) => {
      const alert = await until(
        `${alertname} to arrive`,
        async () =>
          (await alertmanager.alerts()).find(
            ({ labels }) => labels["alertname"] === alertname && labels["instance"] === instance,
          ),
        WITHIN_MS,
      );
      expect(alert.labels).toMatchObject({
        severity,
        job: "custom prometheus",
        group: "custom",
        switch: instance,
      });
      expect(alert.annotations["summary"]).toContain(instance);
      expect(alert.annotations["runbook"]).toBe(`docs/runbooks/${alertname}.md`);
    },
    200_000,
  );

  it("is told to the receiver at once when it is critical, and again when it is over", async () => {
    const isTold = (status: string) => () =>
      told.find(
        (each) => each.status === status && each.labels["alertname"] === "PowerSupplyFailed",
      );
    await until("the receiver to be told", isTold("firing"), WITHIN_MS);
    await incident("stop", "psu-loss-1");
    await until("the receiver to be told that it is over", isTold("resolved"), WITHIN_MS);
  }, 400_000);

  async function incident(...args: readonly string[]): Promise<void> {
    const url = ["--url", `http://${endpoint.address}`];
    const { code, stderr } = await runProgram(process.execPath, [
      main,
      "incident",
      ...args,
      ...url,
    ]);
    if (code !== 0) throw new Error(stderr);
  }
});

/** What Alertmanager tells a webhook. */
interface Told {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The configuration of the stack, with its receiver somewhere else. */
function configured(receiver: string): string {
  const text = readFileSync(configuration, "utf8");
  expect(text).toContain("http://notifications:8080/");
  return text.replaceAll("notifications:8080", receiver);
}

function eachSecond(rules: string): string {
  const { groups } = parse(rules) as { readonly groups: readonly object[] };
  return stringify({ groups: groups.map((group) => ({ ...group, interval: "1s" })) });
}

function scraping(at: {
  endpoint: string;
  alertmanager: string;
  rules: string;
}): Record<string, unknown> {
  return {
    global: { scrape_interval: "1s" },
    rule_files: [at.rules],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [at.alertmanager] }] }] },
    scrape_configs: [
      {
        job_name: "custom prometheus",
        http_sd_configs: [{ url: `http://${at.endpoint}/sd` }],
        relabel_configs: [{ target_label: "group", replacement: "custom" }],
      },
    ],
  };
}
