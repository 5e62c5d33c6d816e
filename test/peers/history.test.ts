import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Entry, OpenMetricsParser } from "@linklight/exposition";
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
  const [file, data] = [join(folder.path, "week.om"), join(folder.path, "data")];
  mkdirSync(data);
  const metrics = ["receive", "transmit"].map((way) => `switch_port_${way}_bytes_total`).join(",");
  await simulate("--from", "7d", "--step", "60s", "--metrics", metrics, "--output", file);
  // Few passes over the file: one block may hold a month.
  const long = "--max-block-duration=744h";
  const args = ["tsdb", "create-blocks-from", "openmetrics", long, file, data];
  const { code, stderr } = await promtool(role, args);
  if (code !== 0) throw new Error(stderr);
  return data;
}
