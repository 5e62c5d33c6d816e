import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Fabric, fabricOf, type Incident, readScenario } from "@linklight/simulator";
import type { PrometheusRole } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { runProgram } from "../harness/run-program.ts";
import { alertingRules, familiesOf } from "./alerting-rules.ts";
import { badWeek, scenarioText } from "./bad-week.ts";

/** A span of a simulated fabric as Prometheus stored it; seconds since 1970. */
export interface Week {
  readonly start: number;
  readonly end: number;
  readonly fabric: Fabric;
  /** What went wrong in it, and when. */
  readonly incidents: readonly Incident[];
}

/** Both weeks lie in the same data, the calm one first, a week between them: within 31 days of one block. */
export interface SimulatedWeeks {
  /** The data folder of a Prometheus. */
  readonly data: string;
  readonly calm: Week;
  readonly bad: Week;
}

/** Two leaves and a spine: a port of every kind that a larger fabric has, and less to write. */
export const FABRIC = "leaf-spine:2x1";

const DAY = 86_400;
/** Files are written for half a week each, since a whole one has four gigabytes. */
const HALF = 3.5 * DAY;
const LONG_MS = 600_000;
const CALM = { seed: 20, start: Date.UTC(2026, 0, 12) / 1000 };
const BAD = { seed: 26, start: Date.UTC(2026, 0, 26) / 1000 };
const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));

/** What says the same all the time is written each two minutes, which is often enough for every rule. */
const STEADY: ReadonlySet<string> = new Set([
  "switch_buffer_size_bytes",
  "switch_mac_table_capacity",
  "switch_memory_size_bytes",
  "switch_port_admin_up",
  "switch_port_info",
  "switch_port_speed_bytes",
  "switch_temperature_threshold_celsius",
  "switch_transceiver_threshold",
]);

/** Makes both weeks in a folder, at a step of a minute, of the families that the rules name. */
export async function simulateWeeks(role: PrometheusRole, folder: string): Promise<SimulatedWeeks> {
  const data = join(folder, "data");
  const weeks = await Promise.all([
    simulateWeek(role, { ...CALM, folder, data, name: "calm" }),
    simulateWeek(role, { ...BAD, folder, data, name: "bad" }),
  ]);
  const [calm, bad] = weeks as [Week, Week];
  return { data, calm, bad };
}

interface WeekOptions {
  readonly seed: number;
  readonly start: number;
  readonly folder: string;
  readonly data: string;
  readonly name: "calm" | "bad";
}

async function simulateWeek(role: PrometheusRole, options: WeekOptions): Promise<Week> {
  const { seed, start, folder, data, name } = options;
  const end = start + 7 * DAY;
  const fabric = fabricOf(FABRIC, { seed });
  const scenario = join(folder, `${name}.yml`);
  const text = scenarioText(name === "bad" ? badWeek(fabric, seed) : [], start);
  writeFileSync(scenario, text);
  const families = [...familiesOf(alertingRules())].filter((family) => /^switch_/.test(family));
  const parts = [
    { step: 60, families: families.filter((family) => !STEADY.has(family)) },
    { step: 120, families: families.filter((family) => STEADY.has(family)) },
  ];
  for (const { step, families: some } of parts) {
    for (const [from, to] of [
      [start, start + HALF - step],
      [start + HALF, end],
    ]) {
      const file = join(folder, `${name}.om`);
      const span = ["--from", `${from}`, "--to", `${to}`, "--step", `${step}s`];
      const what = ["--metrics", some.join(","), "--label", "group=", "--label", "switch="];
      const where = ["--fabric", FABRIC, "--seed", `${seed}`, "--scenario", scenario];
      const run = [main, "simulate", ...span, ...what, ...where, "--output", file];
      await succeed(runProgram(process.execPath, run, { timeoutMs: LONG_MS }));
      const long = ["--max-block-duration=744h", "--quiet"];
      const store = ["tsdb", "create-blocks-from", "openmetrics", ...long, file, data];
      await succeed(promtool(role, store, { timeoutMs: LONG_MS }));
      rmSync(file);
    }
  }
  const origin = start - fabric.epoch;
  const { planned } = readScenario(text, { file: scenario, fabric, origin });
  return { start, end, fabric, incidents: planned };
}

async function succeed(run: ReturnType<typeof runProgram>): Promise<void> {
  const { code, stdout, stderr } = await run;
  if (code !== 0) throw new Error(`${stderr}${stdout}`);
}
