/**
 * How fast are queries, beside Prometheus?
 *
 * The same block of twelve hours of switches at 15 s under a real Prometheus 3 and under two servers of ours: one
 * decodes the chunks for each query, as Prometheus does; one has all samples in memory as columns of numbers.
 * Each is a process of its own and answers one client over loopback; what counts is from the request, with the
 * text of the query, to the last byte of JSON. First all three must answer every query with the same bytes.
 *
 * Measured in 2026-11 beside Prometheus 3.5.3 on two busy cores, so by the time of the processor: how often ours fits into
 * Prometheus'.
 *
 * ```
 * from chunks         1,000 series  10,000 series
 * instant selector            1.2            1.4   label sets of a block are made once; labels written as bytes
 * instant `sum by`            1.2            1.0
 * raw `rate`                  1.3            1.4   results are not copied; shared timestamps are made text once
 * `sum by`, `topk`            2.2            2.4
 * `histogram_quantile`        2.5            2.5
 * join, subquery          4.5, 3.1
 * ```
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { markdownTable, shown, times } from "./harness/markdown.mjs";
import { median } from "./harness/median.mjs";
import { findPrometheus, prometheusOver } from "./harness/prometheus.mjs";
import { raceQuery } from "./harness/query-race.mjs";
import { ServerProcess } from "./harness/server-process.mjs";
import { INTERVAL_MS, START_MS, writeSwitchBlock } from "./harness/switch-block.mjs";
import { targetTable } from "./harness/target.mjs";

export const question = "How fast are queries, beside Prometheus?";

const SAMPLES = 2880;
const SIZES = [
  { count: 100, rounds: 25 },
  { count: 1_000, rounds: 11 },
  { count: 10_000, rounds: 3 },
];
/** What takes some milliseconds is asked more often: single ones say little, and a server has long been warm. */
const INSTANT_ROUNDS = 5;
const QUICK_SIZES = [{ count: 100, rounds: 3 }];
/** At which size the targets are to be reached. */
const TARGET_COUNT = 1_000;

/** Beside Prometheus, to be reached from chunks and from memory. */
const AGGREGATION = { blocks: 2, memory: 3 };
const RAW = { blocks: 1, memory: 1 };

const QUERIES = [
  { name: "instant selector", kind: "instant", query: "rx_octets_total" },
  {
    name: "instant `sum by`",
    kind: "instant",
    query: "sum by (instance) (rate(rx_octets_total[5m]))",
  },
  { name: "raw `rate`", query: "rate(rx_octets_total[5m])", least: RAW },
  { name: "`sum by`", query: "sum by (instance) (rate(rx_octets_total[5m]))", least: AGGREGATION },
  { name: "`topk`", query: "topk(5, rate(rx_octets_total[5m]))", least: AGGREGATION },
  {
    name: "`histogram_quantile`",
    query: "histogram_quantile(0.99, sum by (instance, le) (rate(queue_delay_seconds_bucket[5m])))",
    least: AGGREGATION,
  },
  {
    name: "join with `group_left`",
    query:
      "sum by (speed) (rate(rx_octets_total[5m]) * on (instance, port) group_left (speed) port_info)",
    least: AGGREGATION,
  },
  {
    name: "subquery",
    query: "max by (instance) (max_over_time(rate(rx_octets_total[5m])[30m:1m]))",
    least: AGGREGATION,
  },
  {
    name: "`quantile_over_time`",
    query: "max by (instance) (quantile_over_time(0.95, buffer_level_bytes[10m]))",
    least: AGGREGATION,
  },
];

const server = fileURLToPath(new URL("servers/promql-server.mjs", import.meta.url));
const progress = (text) => process.stderr.write(`bench: promql-speed: ${text}\n`);

export async function answer({ quick, print }) {
  const real = findPrometheus();
  if (real === undefined) {
    print("**Skipped** – Prometheus is not here: run scripts/peers.sh.\n\n");
    return;
  }
  for (const size of quick ? QUICK_SIZES : SIZES) {
    const folder = mkdtempSync(join(tmpdir(), "linklight-bench-"));
    try {
      const { samples } = await writeSwitchBlock(folder, { count: size.count, samples: SAMPLES });
      progress(`${size.count} series: ${samples} samples written`);
      report({ print, real, size, ...(await compete(folder, real, size.rounds)) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

async function compete(folder, real, rounds) {
  const contestants = [];
  try {
    const start = async (name, options) =>
      contestants.push({ name, process: await ServerProcess.start(options) });
    await start("prometheus", await prometheusOver(folder, real));
    await start("blocks", { script: server, args: [folder, "blocks"] });
    await start("memory", { script: server, args: [folder, "memory"] });
    const races = new Map();
    for (const asked of QUERIES) {
      progress(asked.query);
      const more = asked.kind === "instant" ? INSTANT_ROUNDS : 1;
      races.set(asked.name, await raceQuery(contestants, pathOf(asked), more * rounds));
    }
    const peakRssMb = new Map(contestants.map(({ name, process }) => [name, process.peakRssMb]));
    return { races, peakRssMb };
  } finally {
    for (const { process } of contestants) await process.stop();
  }
}

function pathOf({ query, kind = "range" }) {
  const [start, end] = [START_MS / 1000, (START_MS + SAMPLES * INTERVAL_MS) / 1000];
  const parameters =
    kind === "instant" ? { query, time: end - 60 } : { query, start, end, step: 60 };
  const path = kind === "instant" ? "/api/v1/query" : "/api/v1/query_range";
  return `${path}?${new URLSearchParams(parameters)}`;
}

function report({ print, real, size: { count }, races, peakRssMb }) {
  const middle = (name, contestant, key) =>
    median(
      races
        .get(name)
        .taken.get(contestant)
        .map((each) => each[key]),
    );
  const timesAsFast = (name, contestant) =>
    middle(name, "prometheus", "wholeMs") / middle(name, contestant, "wholeMs");
  const header = [
    ...["", "JSON, kB", "Prometheus, ms", "chunks, ms", "", "memory, ms", ""],
    ...["CPU of Prometheus, ms", "of chunks", "of memory"],
  ];
  const rows = QUERIES.map(({ name }) => [
    name,
    shown(races.get(name).bytes / 1000),
    shown(middle(name, "prometheus", "wholeMs")),
    shown(middle(name, "blocks", "wholeMs")),
    times(timesAsFast(name, "blocks")),
    shown(middle(name, "memory", "wholeMs")),
    times(timesAsFast(name, "memory")),
    ...["prometheus", "blocks", "memory"].map((each) => shown(middle(name, each, "cpuMs"))),
  ]);
  print(`Four families of ${shown(count)} series; Prometheus ${real.version}:\n\n`);
  print(`${markdownTable(header, rows)}\n`);
  print(`${costTable({ races, peakRssMb })}\n`);
  if (count !== TARGET_COUNT) return;
  const goals = QUERIES.flatMap(({ name, least }) =>
    Object.entries(least ?? {}).map(([contestant, times]) => ({
      what: `${name}, ${contestant === "blocks" ? "chunks" : "memory"}: times as fast as Prometheus`,
      figure: timesAsFast(name, contestant),
      least: times,
    })),
  );
  print(`${targetTable(goals)}\n`);
}

/** What all queries together cost, one of each. */
function costTable({ races, peakRssMb }) {
  const names = { prometheus: "Prometheus", blocks: "chunks", memory: "memory" };
  const rows = Object.entries(names).map(([contestant, title]) => {
    const all = [...races.values()].map(({ taken }) => taken.get(contestant));
    const cpu = all.map((each) => median(each.map(({ cpuMs }) => cpuMs)));
    const stalls = all.flatMap((each) => each.map(({ stallMs }) => stallMs));
    return [
      title,
      shown(cpu.reduce((sum, ms) => sum + ms, 0)),
      shown(peakRssMb.get(contestant)),
      contestant === "prometheus" ? "–" : shown(Math.max(...stalls)),
    ];
  });
  return markdownTable(["", "CPU of one of each, ms", "peak RSS, MB", "longest stall, ms"], rows);
}
