import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Entry, OpenMetricsParser } from "@linklight/exposition";
import { type Labels, writeStaleMarker } from "@linklight/model";
import { run } from "../../../packages/linklight/src/program.ts";
import type { SampledSeries } from "./sampled-series.ts";

/** The beginning of all test data in seconds since 1970: a Monday, 2026-01-05T00:00:00Z. */
export const START = 1_767_571_200;
/** Two hours later. */
export const END: number = START + 7_200;
const STEP = 30;

const METRICS = [
  "switch_cpu_usage_ratio",
  "switch_info",
  "switch_memory_available_bytes",
  "switch_port_info",
  "switch_port_link_changes_total",
  "switch_port_receive_bytes_total",
  "switch_port_receive_frame_size_bytes",
  "switch_port_speed_bytes",
  "switch_port_transmit_packets_total",
  "switch_port_up",
  "switch_queue_depth_bytes",
  "switch_temperature_celsius",
  "switch_transceiver_rx_power_dbm",
];

// Counter resets, a target that is gone for a while, links that go up and down.
const SCENARIO = `
- {at: 20m, type: link-down, switch: leaf1, port: Ethernet1/49, duration: 10m}
- {at: 40m, type: reboot, switch: leaf2}
- {at: 60m, type: flap-train, switch: leaf1, port: Ethernet1/50, duration: 10m}
- {at: 80m, type: incast, switch: leaf1, port: Ethernet1/1, duration: 15m}
`;

// Three ports of servers and two to the spine: a few hundred series are enough.
const PORTS: ReadonlySet<string> = new Set([
  "Ethernet1/1",
  "Ethernet1/2",
  "Ethernet1/49",
  "Ethernet1/50",
]);

/**
 * Two hours of two leaves and a spine at a step of 30 s, by `linklight simulate`: its OpenMetrics, read back.
 * Where a series pauses it ends with a staleness marker, as it does when it is scraped. `folder` is for files.
 */
export async function switchSamples(folder: string): Promise<SampledSeries[]> {
  const file = join(folder, "history.om");
  const scenario = join(folder, "scenario.yml");
  writeFileSync(scenario, SCENARIO);
  const code = await run([
    ...["simulate", "--fabric", "leaf-spine:2x1", "--switch.detail", "full"],
    ...["--from", `${START}`, "--to", `${END}`, "--step", `${STEP}s`, "--scenario", scenario],
    ...["--metrics", METRICS.join(","), "--output", file],
  ]);
  if (code !== 0) throw new Error(`linklight simulate ended with ${code}`);
  return parseHistory(readFileSync(file));
}

function parseHistory(bytes: Buffer): SampledSeries[] {
  const found = new Map<string, { labels: Labels; samples: [number, number][] }>();
  const parser = new OpenMetricsParser(bytes);
  for (let kind = parser.next(); kind !== Entry.END; kind = parser.next()) {
    if (kind !== Entry.SERIES) continue;
    const key = bytes.toString("latin1", parser.seriesStart, parser.seriesEnd);
    let series = found.get(key);
    if (series === undefined) {
      series = { labels: parser.labels(), samples: [] };
      found.set(key, series);
    }
    series.samples.push([parser.timestamp, parser.value]);
  }
  return [...found.values()]
    .filter(({ labels }) => !labels.has("port") || PORTS.has(labels.get("port")))
    .map(({ labels, samples }) => withStaleMarkers(labels, samples));
}

function withStaleMarkers(
  labels: Labels,
  samples: readonly (readonly [number, number])[],
): SampledSeries {
  const timestamps: number[] = [];
  const stale: number[] = [];
  const values: number[] = [];
  for (const [timestamp, value] of samples) {
    const last = timestamps.at(-1) ?? timestamp;
    if (timestamp - last > STEP * 1000) {
      stale.push(timestamps.length);
      timestamps.push(last + STEP * 1000);
      values.push(Number.NaN);
    }
    timestamps.push(timestamp);
    values.push(value);
  }
  const column = Float64Array.from(values);
  for (const i of stale) writeStaleMarker(column, i);
  return { labels, timestamps: Float64Array.from(timestamps), values: column };
}
