/**
 * What does the model of a switch cost, without anything of the endpoint around it?
 *
 * A switch of 64 ports, 15 s after it was read before: every number of its page, beside the same page written
 * as text. Then the first read of a switch that has been on for long, in a new process: the model has to find
 * what was lost and counted since it began. Then four numbers of each port at every moment of 30 days.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Registry } from "@linklight/client";
import { readSwitch, simulate, switchCollector } from "@linklight/simulator";
import { wideLeaves } from "./harness/fabrics.mjs";
import { shown, times } from "./harness/markdown.mjs";
import { median } from "./harness/median.mjs";
import { targetTable } from "./harness/target.mjs";

export const question = "What does the model of a switch of 64 ports cost?";

const firstRead = fileURLToPath(new URL("./servers/first-read.mjs", import.meta.url));
const CALM = { version: 0, until: () => [] };
const DAY = 86_400;
const STEP = 15;

const READS = 1000;
const QUICK_READS = 100;
const LONG_AGO_DAYS = 304;

export async function answer({ quick, print }) {
  const { modelMs, pageMs } = await scrapes(quick ? QUICK_READS : READS);
  const recent = firstReads(30);
  const old = firstReads(LONG_AGO_DAYS);
  const days = quick ? 1 : 30;
  const seconds = month(days);
  print(
    targetTable([
      { what: "all numbers of a scrape, ms", figure: modelMs, most: 1 },
      { what: "the first read after 30 days, in a new process, ms", figure: recent.cold, most: 50 },
      { what: "the same of a second switch, ms", figure: recent.warm, most: 50 },
      { what: `… after ${LONG_AGO_DAYS} days, in a new process, ms`, figure: old.cold, most: 500 },
      { what: "… of a second switch, ms", figure: old.warm, most: 50 },
      {
        what: `${days} days at ${STEP} s, received, sent, dropped and waiting of each port, s of CPU`,
        figure: seconds,
        most: (10 * days) / 30,
      },
    ]),
  );
  print(
    `\nThe whole page as text takes ${shown(pageMs)} ms: ${times(pageMs / modelMs)} the model alone.\n\n`,
  );
}

/** Medians of a scrape's numbers alone, and of the whole page, taken in turn. */
async function scrapes(count) {
  const fabric = wideLeaves(1);
  let now = 30 * DAY;
  const options = {
    simulation: simulate(fabric, CALM),
    clock: { speed: 1, seconds: () => now },
    version: "0",
  };
  const collector = switchCollector(fabric.switches[0], options);
  const registry = new Registry().register(switchCollector(fabric.switches[0], options));
  const [model, page] = [[], []];
  for (let i = 0; i < count; i++) {
    now += STEP;
    let start = performance.now();
    for (const family of collector.collect()) family.table();
    model.push(performance.now() - start);
    now += STEP;
    start = performance.now();
    await registry.text();
    page.push(performance.now() - start);
  }
  return { modelMs: median(model), pageMs: median(page) };
}

function firstReads(days) {
  const milliseconds = JSON.parse(
    execFileSync(process.execPath, [firstRead, String(days)], { encoding: "utf8" }),
  );
  return { cold: milliseconds[0], warm: median(milliseconds.slice(1)) };
}

/** Seconds of CPU for some days of the four numbers of each port that dashboards show most. */
function month(days) {
  const fabric = wideLeaves(1);
  const simulation = simulate(fabric, CALM);
  const [node] = fabric.switches;
  // What is added up cannot be left out.
  let sum = 0;
  const start = process.cpuUsage();
  for (let at = 7 * DAY; at < (7 + days) * DAY; at += STEP) {
    for (const port of readSwitch(simulation, node, at).ports) {
      sum += port.received.bytes + port.transmitted.bytes;
      sum += port.discarded.packets + port.queue.depthBytes;
    }
  }
  const { user, system } = process.cpuUsage(start);
  if (!Number.isFinite(sum)) throw new Error("the model gives what is no number");
  return (user + system) / 1e6;
}
