/**
 * How many samples of a history are written in a second, and in how much memory?
 *
 * First what writing alone takes: numbers that are there already, as OpenMetrics into a file of the system's
 * temporary folder. Then the whole command, model and all, over longer and longer spans: its memory should
 * not follow them. Its output goes to a device that takes everything, since a month of a switch is 27 GB.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { HistoryWriter } from "@linklight/exposition";
import { Labels } from "@linklight/model";
import { markdownTable, shown, times } from "./harness/markdown.mjs";
import { race, raceTable } from "./harness/race.mjs";
import { targetTable } from "./harness/target.mjs";

export const question =
  "How many samples of a history are written in a second, and in how much memory?";

const main = fileURLToPath(new URL("../packages/linklight/dist/main.js", import.meta.url));
const usageAtExit = new URL("./harness/usage-at-exit.mjs", import.meta.url).href;

const SPANS = ["1d", "7d", "30d"];
const QUICK_SPANS = ["1h", "6h"];

export async function answer({ quick, print }) {
  print(`Writing alone, a day of 50 series at 15 s:\n\n${writing({ quick })}\n`);
  const results = [];
  for (const span of quick ? QUICK_SPANS : SPANS) results.push(await simulate(span));
  const rows = results.map(({ span, samples, seconds, cpuSeconds, peakRssMb }) => [
    span,
    shown(samples / 1e6),
    shown(seconds),
    shown(samples / seconds / 1e6),
    shown(samples / cpuSeconds / 1e6),
    shown(peakRssMb),
    times(peakRssMb / results[0].peakRssMb),
  ]);
  const header = [
    "span",
    "million samples",
    "s",
    "million/s",
    "million/s of CPU",
    "peak RSS, MB",
    `beside ${results[0].span}`,
  ];
  print(
    `\`linklight simulate\` of a leaf of 56 ports at 15 s:\n\n${markdownTable(header, rows)}\n`,
  );
  const slowest = Math.min(...results.map(({ samples, seconds }) => samples / seconds));
  const grown = results.at(-1).peakRssMb / results[0].peakRssMb;
  print(
    `${targetTable([
      { what: "million samples/s, the slowest of these", figure: slowest / 1e6, least: 1 },
      { what: "peak RSS of the longest beside the shortest", figure: grown, most: 1.15 },
    ])}\n`,
  );
}

const COUNT = 5760;
const SERIES = 50;
const GRID = { fromMs: 1_767_571_200_000, stepMs: 15_000, count: COUNT };

/** A counter of bytes, a counter of packets and a gauge of two decimals, as a port has them. */
const SHAPES = [(i) => i * 11_718_750_123, (i) => i * 15_625_003, (i) => (i % 5000) / 100];

function writing({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), "linklight-bench-"));
  const file = openSync(join(folder, "history.om"), "w");
  const columns = SHAPES.map((shape) => Float64Array.from({ length: COUNT }, (_, i) => shape(i)));
  const labels = Array.from({ length: SERIES }, (_, i) => ({
    group: "custom",
    instance: "leaf1",
    job: "custom prometheus",
    port: `Ethernet1/${i + 1}`,
  }));
  try {
    const ours = { name: "HistoryWriter", run: () => writeOurs(file, columns, labels) };
    const naive = { name: "joining strings", run: () => writeNaively(file, columns, labels) };
    return raceTable(race([ours, naive], { quick }), "sample");
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

function writeOurs(file, columns, labels) {
  const family = {
    ...{ name: "port_bytes", type: "gauge", help: "", unit: "", lines: [{ suffix: "" }] },
    *series() {
      for (const [i, own] of labels.entries()) {
        const column = columns[i % columns.length];
        const fill = (values, first, count) => values.set(column.subarray(first, first + count));
        yield { labels: Labels.from(own), fill };
      }
    },
  };
  const writer = new HistoryWriter([family], GRID);
  const block = Buffer.alloc(262_144);
  let at = 0;
  for (let bytes = writer.next(block); bytes !== undefined; bytes = writer.next(block))
    at += writeSync(file, bytes, 0, bytes.length, at);
  return writer.samples;
}

function writeNaively(file, columns, labels) {
  let at = 0;
  let lines = "";
  for (const [i, own] of labels.entries()) {
    const column = columns[i % columns.length];
    for (let k = 0; k < COUNT; k++) {
      const pairs = Object.entries(own).map(([name, value]) => `${name}="${value}"`);
      const seconds = (GRID.fromMs + k * GRID.stepMs) / 1000;
      lines += `port_bytes{${pairs.join(",")}} ${column[k]} ${seconds}\n`;
      if (lines.length > 262_144 || (k === COUNT - 1 && i === SERIES - 1)) {
        at += writeSync(file, lines, at);
        lines = "";
      }
    }
  }
  return SERIES * COUNT;
}

async function simulate(span) {
  const args = ["simulate", "--from", span, "--step", "15s", "--output", "/dev/null"];
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", usageAtExit, main, ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const [said, usage, [code]] = await Promise.all([
    text(child.stderr),
    text(child.stdio[3]),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`linklight simulate ended with ${code}: ${said}`);
  const samples = Number(/wrote ([\d,]+) samples/.exec(said)[1].replaceAll(",", ""));
  return { span, samples, seconds: (performance.now() - start) / 1000, ...JSON.parse(usage) };
}
