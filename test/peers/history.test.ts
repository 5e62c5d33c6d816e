import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Entry, OpenMetricsParser } from "@linklight/exposition";
import { Labels } from "@linklight/model";
import { fabricOf, type Switch } from "@linklight/simulator";
import { beforeAll, describe, expect, it } from "vitest";
import { startEndpoint } from "../harness/endpoint.ts";
import { PROMETHEUS_PEERS, type PrometheusRole } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { promtool } from "../harness/promtool.ts";
import { runProgram } from "../harness/run-program.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";
import { dumpBlocksFrom } from "./tsdb-dump.ts";

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));
const [leaf] = fabricOf("leaf-48x25g-8x100g").switches as [Switch];

async function simulate(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(process.execPath, [main, "simulate", ...args]);
  if (code !== 0) throw new Error(stderr);
}

/** Every sample, as text: series, value and time. */
function samplesOf(bytes: Uint8Array): string[] {
  const samples: string[] = [];
  const parser = new OpenMetricsParser(bytes);
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry === Entry.SERIES)
      samples.push(`${parser.labels()} ${parser.value} ${parser.timestamp}`);
  }
  return samples.sort();
}

describe.each(PROMETHEUS_PEERS)("made into blocks by the promtool of $title", (peer) => {
  const undo = undoAfterAll();

  it.skipIf(peer.missing)("a history has the same samples, a reboot's gap included", async () => {
    const folder = temporaryFolder("history");
    undo(folder.remove);
    const [scenario, file] = [join(folder.path, "scenario.yml"), join(folder.path, "history.om")];
    writeFileSync(scenario, "- {at: 30m, type: reboot, switch: pair1}\n");
    const span = ["--from", "3h", "--step", "30s", "--switch.detail", "full"];
    await simulate("--fabric", "pair", ...span, "--scenario", scenario, "--output", file);
    const bytes = readFileSync(file);
    const dumped = await dumpBlocksFrom(peer.role, bytes);
    const samples = dumped.map(({ labels, value, timestamp }) => `${labels} ${value} ${timestamp}`);
    expect(samples.sort()).toEqual(samplesOf(bytes));
  });
});

describe.each(PROMETHEUS_PEERS)("an hour of a fabric's history in $title", ({ role, missing }) => {
  it.skipIf(missing)(
    "has the very series that scrapes of what /sd names go on with",
    async ({ onTestFinished }) => {
      const undo = (action: () => unknown): void =>
        onTestFinished(async () => void (await action()));
      const folder = temporaryFolder("fabric");
      undo(folder.remove);
      const log = join(folder.path, "incidents.jsonl");
      writeFileSync(log, FLAPPING);
      const simulated = ["--fabric", "leaf-spine:2x1", "--incident-log", log];
      const startedAt = Math.floor(Date.now() / 1000);
      const span = ["--from", "1h", "--step", "15s"];
      const data = await blocksOf(role, folder.path, [...simulated, ...span]);
      const endpoint = await startEndpoint("--collector", "switch", ...simulated);
      undo(endpoint.stop);
      const prometheus = await startPrometheus(role, {
        data,
        config: discovering(endpoint.address),
      });
      undo(prometheus.stop);
      await prometheus.scraped(3);
      await until("each to be scraped", async () => {
        const [live] = await prometheus.query("count(present_over_time(switch_info[20s]))");
        return live?.value === 3 || undefined;
      });
      // The last sample of the history is before the start, the first scrape behind it.
      const seen = { start: String(startedAt - 3600), end: String(startedAt) };
      const history = await seriesBetween(prometheus, seen);
      const live = await seriesBetween(prometheus, {
        start: String(startedAt + 1),
        end: String(Math.ceil(Date.now() / 1000)),
      });
      expect(live.length).toBeGreaterThan(2000);
      expect(live.filter((series) => !history.includes(series))).toEqual([]);
      // What a scrape had no chance to show: queues that were busy for a while.
      const before = history.filter((series) => !live.includes(series));
      expect(before.filter((series) => !series.includes("switch_queue_"))).toEqual([]);
      expect(live.filter((series) => series.includes("incident"))).toEqual([
        'linklight_incident_active{group="custom", incident="link-down", instance="leaf1", job="custom prometheus", port="Ethernet1/49", switch="leaf1"}',
      ]);
    },
    120_000,
  );
});

/** An incident log that tells of a link that was down for a while, months ago. */
const FLAPPING = `${JSON.stringify({
  ...{ event: "start", id: "link-down-1", type: "link-down", switch: "leaf1" },
  ...{ port: "Ethernet1/49", start: "2026-02-01T12:00:00.000Z", duration: "10m", parameters: {} },
})}\n`;

/** The scrape job of the documentation, for targets that an endpoint names. */
function discovering(address: string): Readonly<Record<string, unknown>> {
  const job = {
    job_name: "custom prometheus",
    ...{ scrape_interval: "1s", scrape_timeout: "1s" },
    http_sd_configs: [{ url: `http://${address}/sd`, refresh_interval: "1s" }],
    relabel_configs: [{ target_label: "group", replacement: "custom" }],
  };
  return { scrape_configs: [job] };
}

/** The series that have samples in a span, as text, but for those about the scrape and the process. */
async function seriesBetween(
  { url }: RunningPrometheus,
  span: { readonly start: string; readonly end: string },
): Promise<readonly string[]> {
  const parameters = new URLSearchParams({ "match[]": '{job="custom prometheus"}', ...span });
  const answer = await fetch(`${url}/api/v1/series?${parameters}`);
  const { data } = (await answer.json()) as { readonly data: readonly Record<string, string>[] };
  return data
    .filter(({ __name__: name = "" }) => !OF_THE_PROCESS.test(name))
    .map((labels) => Labels.from(labels).toString())
    .sort();
}

const OF_THE_PROCESS = /^(?:scrape_|linklight_(?:build_info$|sim_(?:time|speed)_|collector_))/;

describe.each(PROMETHEUS_PEERS)("a week of history in $title", ({ role, missing }) => {
  describe.skipIf(missing)("with live scrapes behind it", () => {
    const undo = undoAfterAll();
    let prometheus: RunningPrometheus;
    let startedAt = 0;

    beforeAll(async () => {
      const data = await weekOfBlocks(role, undo);
      const endpoint = await startEndpoint("--collector", "switch");
      undo(endpoint.stop);
      startedAt = Date.now() / 1000;
      prometheus = await startPrometheus(role, {
        data,
        flags: ["--storage.tsdb.retention.time=30d"],
        config: {
          scrape_configs: [
            {
              job_name: "custom prometheus",
              scrape_interval: "1s",
              static_configs: [
                { targets: [endpoint.address], labels: { group: "custom", instance: leaf.name } },
              ],
            },
          ],
        },
      });
      undo(prometheus.stop);
      await until("some scrapes", async () => {
        const [scrapes] = await prometheus.query('count_over_time(up{instance="leaf1"}[5s])');
        return (scrapes?.value ?? 0) >= 3 || undefined;
      });
    }, 180_000);

    it("never has a rate below zero or above the line", async () => {
      for (const direction of ["receive", "transmit"]) {
        const rates = `rate(switch_port_${direction}_bytes_total[5m])[7d:5m]`;
        const [least, most] = await Promise.all(
          ["min", "max"].map((aggregation) => byPort(`${aggregation}_over_time(${rates})`)),
        );
        for (const { profile } of leaf.ports) {
          expect(least?.get(profile.name)).toBeGreaterThanOrEqual(0);
          expect(most?.get(profile.name)).toBeLessThanOrEqual(profile.speed / 8);
        }
        const busiest = Math.max(...(most?.values() ?? []));
        expect(busiest).toBeGreaterThan(1e8);
      }
    });

    it("goes on with the same series, without a step back", async () => {
      const name = "switch_port_receive_bytes_total";
      const newest = await byPort(`timestamp(${name})`);
      const firsts = await byPort(`min_over_time(timestamp(${name})[7d:1h])`);
      const samples = await byPort(`count_over_time(${name}[7d])`);
      const resets = await byPort(`resets(${name}[7d])`);
      for (const { profile } of leaf.ports) {
        expect(newest.get(profile.name)).toBeGreaterThan(startedAt);
        expect(firsts.get(profile.name)).toBeLessThan(startedAt - 6.9 * 86_400);
        expect(samples.get(profile.name)).toBeGreaterThan(7 * 1440 - 2);
        expect(resets.get(profile.name)).toBe(0);
      }
      expect(prometheus.complaints()).toEqual([]);
    });

    /** A query's result by port; a port that comes twice would be two series. */
    async function byPort(expr: string): Promise<Map<string, number>> {
      const result = await prometheus.query(expr);
      expect(result.length).toBe(leaf.ports.length);
      return new Map(result.map(({ labels, value = Number.NaN }) => [labels["port"] ?? "", value]));
    }
  });
});

/** Seven days of the default switch at a step of a minute, as blocks. */
async function weekOfBlocks(
  role: PrometheusRole,
  undo: (action: () => unknown) => void,
): Promise<string> {
  const folder = temporaryFolder("week");
  undo(folder.remove);
  const metrics = ["receive", "transmit"].map((way) => `switch_port_${way}_bytes_total`).join(",");
  return blocksOf(role, folder.path, ["--from", "7d", "--step", "60s", "--metrics", metrics]);
}

/** A history as blocks, in a new folder within one. */
async function blocksOf(
  role: PrometheusRole,
  folder: string,
  args: readonly string[],
): Promise<string> {
  const [file, data] = [join(folder, "history.om"), join(folder, "data")];
  mkdirSync(data);
  await simulate(...args, "--output", file);
  // Few passes over the file: one block may hold a month.
  const long = "--max-block-duration=744h";
  const { code, stderr } = await promtool(role, [
    ...["tsdb", "create-blocks-from", "openmetrics", long, file, data],
  ]);
  if (code !== 0) throw new Error(stderr);
  return data;
}
