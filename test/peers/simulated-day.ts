import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startEndpoint } from "../harness/endpoint.ts";
import type { PrometheusRole } from "../harness/peer.ts";
import { startPrometheus } from "../harness/prometheus.ts";
import { promtool } from "../harness/promtool.ts";
import { runProgram } from "../harness/run-program.ts";
import type { Undo } from "../harness/undo.ts";

/** A day of a small fabric as Prometheus stored it, with what went wrong in it. */
export interface SimulatedDay {
  /** The data folder of a Prometheus. */
  readonly data: string;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
}

/** The flags with which a Prometheus keeps such a day. */
export const KEEPS_A_DAY: readonly string[] = ["--storage.tsdb.retention.time=30d"];

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
const LONG_MS = 300_000;
const root = new URL("../../", import.meta.url);
const main = fileURLToPath(new URL("packages/linklight/dist/main.js", root));
const rules = fileURLToPath(new URL("deploy/prometheus/rules/recording.yml", root));

// Something of every kind, and one that still goes on at the end.
const SCENARIO = `
- {at: 2h, type: link-down, switch: leaf1, port: Ethernet1/49, duration: 20m}
- {at: 4h, type: flap-train, switch: leaf2, port: Ethernet1/50, duration: 10m}
- {at: 6h, type: reboot, switch: leaf2}
- {at: 8h, type: fan-failure, switch: leaf1, duration: 30m}
- {at: 10h, type: incast, switch: leaf1, port: Ethernet1/1, duration: 30m}
- {at: 12h, type: bgp-flap, switch: leaf1, duration: 20m}
- {at: 14h, type: mac-flood, switch: leaf1, duration: 20m}
- {at: 23h, type: dirty-optic, switch: leaf1, port: Ethernet1/49, duration: 2h, parameters: {loss: 5}}
`;

// What simulated switches show in full detail only; two hours of it are enough, since it is much.
const FULL_DETAIL = [
  "switch_port_receive_frame_size_bytes",
  "switch_port_transmit_frame_size_bytes",
  "switch_port_pfc_frames_total",
  "switch_port_pfc_paused_seconds_total",
  "switch_transceiver_threshold",
  "switch_port_transmit_errors_total",
  "switch_port_receive_discards_total",
];

/**
 * Makes, in a folder: a day of two leaves and a spine at a step of a minute; the last two hours in full detail;
 * the last hour of the demonstration's metrics and of a firing alert; and the results of the recording rules
 * for the last three hours, computed by a real Prometheus.
 */
export async function simulateDay(
  role: PrometheusRole,
  folder: string,
  undo: Undo,
): Promise<SimulatedDay> {
  const end = Math.floor(Date.now() / 60_000) * 60;
  const start = end - DAY_SECONDS;
  const data = join(folder, "data");
  const scenario = join(folder, "scenario.yml");
  mkdirSync(data);
  writeFileSync(scenario, SCENARIO);

  const simulated = join(folder, "simulated.om");
  const simulate = async (...args: readonly string[]): Promise<void> => {
    const fabric = ["--fabric", "leaf-spine:2x1", "--scenario", scenario, "--step", "60s"];
    const to = ["--to", `${end}`, "--output", simulated];
    const options = { timeoutMs: LONG_MS };
    const run = [main, "simulate", ...fabric, ...to, ...args];
    const { code, stderr } = await runProgram(process.execPath, run, options);
    if (code !== 0) throw new Error(stderr);
    await store(role, simulated, data);
  };
  await simulate("--from", `${start}`);
  const detail = ["--switch.detail", "full", "--metrics", FULL_DETAIL.join(",")];
  await simulate("--from", `${end - 2 * HOUR_SECONDS}`, ...detail);

  const others = join(folder, "others.om");
  const lines = [...(await demonstration(end, undo)), ...firingAlert(end)];
  writeFileSync(others, `${lines.join("\n")}\n# EOF\n`);
  await store(role, others, data);

  await recordRules(role, { data, start: end - 3 * HOUR_SECONDS, end });
  return { data, start, end };
}

async function store(role: PrometheusRole, file: string, data: string): Promise<void> {
  // One block may hold a month, so that promtool reads the file once or twice instead of twelve times.
  const long = "--max-block-duration=744h";
  await succeed(role, ["tsdb", "create-blocks-from", "openmetrics", long, "--quiet", file, data]);
}

async function succeed(role: PrometheusRole, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await promtool(role, args, { timeoutMs: LONG_MS });
  if (code !== 0) throw new Error(`promtool ${args.slice(0, 3).join(" ")}: ${stderr}${stdout}`);
}

/** The last hour of the demonstration's metrics: a real endpoint, asked once for each minute of it. */
async function demonstration(end: number, undo: Undo): Promise<string[]> {
  const endpoint = await startEndpoint("--collector", "sample");
  undo(endpoint.stop);
  const lines: string[] = [];
  for (let time = end - HOUR_SECONDS; time <= end; time += 60) {
    const page = await (await fetch(`http://${endpoint.address}/metrics`)).text();
    for (const line of page.split("\n")) {
      const found = /^(buffer_level_bytes|rx_packets_total|port_link_status)\{(.*)\} (\S+)$/.exec(
        line,
      );
      if (found !== null) lines.push(`${found[1]}{${TARGET},${found[2]}} ${found[3]} ${time}`);
    }
  }
  return lines;
}

const TARGET = 'instance="endpoint:8000",job="custom prometheus",group="custom"';

// Prometheus writes ALERTS by itself while alerting rules fire; promtool does not compute it for the past.
function firingAlert(end: number): string[] {
  const labels =
    'alertname="ReceivedLightLow",alertstate="firing",severity="warning",instance="leaf1",port="Ethernet1/49"';
  return Array.from({ length: 60 }, (_, i) => `ALERTS{${labels}} 1 ${end - (59 - i) * 60}`);
}

/** Computes the recording rules for the past, into the same data. */
async function recordRules(
  role: PrometheusRole,
  { data, start, end }: SimulatedDay,
): Promise<void> {
  const prometheus = await startPrometheus(role, { data, flags: KEEPS_A_DAY, config: {} });
  try {
    const span = ["--start", `${start}`, "--end", `${end}`, "--url", prometheus.url];
    const args = ["tsdb", "create-blocks-from", "rules", ...span, "--output-dir", data, rules];
    await succeed(role, args);
  } finally {
    await prometheus.stop();
  }
}
