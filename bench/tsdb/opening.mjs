import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createMatcher } from "@linklight/promql";
import { Block, Db, PageCache } from "@linklight/tsdb";
import { markdownTable, shown, times } from "../harness/markdown.mjs";
import { median } from "../harness/median.mjs";
import { rssMb } from "../harness/process-usage.mjs";
import { prometheusOver } from "../harness/prometheus.mjs";
import { raceQuery } from "../harness/query-race.mjs";
import { ServerProcess } from "../harness/server-process.mjs";
import {
  INTERVAL_MS,
  portLabels,
  START_MS,
  writeSwitchBlock,
  writeWideBlock,
} from "../harness/switch-block.mjs";

const server = fileURLToPath(new URL("../servers/promql-server.mjs", import.meta.url));

const SERIES = 100_000;
const QUICK_SERIES = 4_000;
const BLOCK_SAMPLES = 120;
const HEAD_SAMPLES = 20;
const ROUNDS = 9;
const STARTS = 3;
const SELECTIONS = 20;
/** What a start leaves to collect is collected by then. */
const SETTLE_MS = 1_500;

const SELECTORS = [
  `count({job="switch"})`,
  `count({__name__=~"rx_.*|port_info",port=~"Ethernet1/[1-9]"})`,
  `count({port!~"Ethernet1/1.*",__name__="rx_octets_total"})`,
  `rx_octets_total{instance="leaf7",port="Ethernet1/7"}`,
];

/**
 * How long a directory of 100,000 series takes to open and to be asked, and what its series take in memory.
 *
 * On 2026-11-23, on two shared cores beside Prometheus 3.5.3: a block of 100,000 values of one label opened in 12 ms (51
 * before the index was read without making texts of it), in turns of at most 6 ms; one of 100,000
 * series found in 0.03 ms (0.35 before long postings were looked into); 1.1–1.3 kB a series (2.8 before open chunks
 * shared memory) beside 1.9; the log replayed in 0.57 s alone (1.7 before).
 */
export async function opening({ quick, print, real, newFolder }) {
  const count = quick ? QUICK_SERIES : SERIES;
  const folder = newFolder();
  // Four families of that many ports each.
  const { block } = await writeSwitchBlock(folder, { count: count / 4, samples: BLOCK_SAMPLES });
  print(`${await inProcess(block, count, newFolder)}\n`);
  const rounds = quick ? 2 : ROUNDS;
  await selecting({ print, folder, real, rounds, count });
  await replaying({ print, real, count, newFolder, starts: quick ? 1 : STARTS });
  return [];
}

async function inProcess(directory, count, newFolder) {
  const selection = { minTime: START_MS, maxTime: START_MS + BLOCK_SAMPLES * INTERVAL_MS };
  const all = [createMatcher("job", "=", "switch")];
  const one = [
    ["__name__", "rx_octets_total"],
    ["instance", "leaf7"],
    ["port", "Ethernet1/7"],
  ].map(([name, value]) => createMatcher(name, "=", value));
  const wide = await writeWideBlock(newFolder(), count);
  const taken = { opened: [], all: [], one: [], wide: [], turns: [] };
  const timed = async (name, run) => {
    const start = performance.now();
    const result = await run();
    taken[name].push(performance.now() - start);
    return result;
  };
  for (let i = 0; i < ROUNDS; i++) {
    const block = await timed("opened", () => Block.open(directory, new PageCache()));
    const series = await timed("all", () => [...block.select({ matchers: all, ...selection })]);
    if (series.length !== count) throw new Error(`selected ${series.length} of ${count} series`);
    for (let k = 0; k < SELECTIONS; k++)
      await timed("one", () => [...block.select({ matchers: one, ...selection })]);
    block.close();
    (await timed("wide", () => Block.open(wide, new PageCache()))).close();
    taken.turns.push(await longestStretch(() => Block.open(wide, new PageCache())));
  }
  return markdownTable(
    [`a block of ${shown(count)} series`, "ms"],
    [
      ["opened", shown(median(taken.opened))],
      ["all of them selected, without their samples", shown(median(taken.all))],
      ["one of them selected", shown(median(taken.one))],
      ["opened, each series with a label value of its own", shown(median(taken.wide))],
      ["the same in turns: the longest of them", shown(median(taken.turns))],
    ],
  );
}

/** The longest time between two turns of the event loop while a job is done, which is closed then. */
async function longestStretch(job) {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const opened = await job();
  isDone = true;
  opened.close();
  return longest;
}

function contestantsOver(folder, real) {
  const contestants = [];
  if (real !== undefined)
    contestants.push({ name: "Prometheus", options: () => prometheusOver(folder, real) });
  contestants.push({
    name: "linklight",
    options: () => ({ script: server, args: [folder, "blocks"] }),
  });
  return contestants;
}

async function selecting({ print, folder, real, rounds, count }) {
  const running = [];
  try {
    for (const { name, options } of contestantsOver(folder, real))
      running.push({ name, process: await ServerProcess.start(await options()) });
    const time = (START_MS + BLOCK_SAMPLES * INTERVAL_MS) / 1000 - 60;
    const rows = [];
    for (const query of SELECTORS) {
      const path = `/api/v1/query?${new URLSearchParams({ query, time })}`;
      const { taken } = await raceQuery(running, path, rounds);
      const middle = (name) => median((taken.get(name) ?? []).map(({ wholeMs }) => wholeMs));
      const [theirs, ours] = [middle("Prometheus"), middle("linklight")];
      rows.push([
        `\`${query.replace("|", "\\|")}\``,
        shown(theirs),
        shown(ours),
        times(theirs / ours),
      ]);
    }
    const title = `selectors over ${shown(count)} series`;
    print(`${markdownTable([title, "Prometheus, ms", "linklight, ms", ""], rows)}\n`);
  } finally {
    for (const { process } of running) await process.stop();
  }
}

/** A log with a few samples of each series, and an empty one, whose memory is that of the program itself. */
async function replaying({ print, real, count, newFolder, starts }) {
  const [empty, full] = [newFolder(), newFolder()];
  await writeLog(full, count);
  const rows = [];
  for (const { name } of contestantsOver(full, real)) {
    const [without, withSeries] = [[], []];
    for (let i = 0; i < starts; i++) {
      without.push(await started(contestantsOver(empty, real), name));
      withSeries.push(await started(contestantsOver(full, real), name));
    }
    const middle = (runs, key) => median(runs.map((each) => each[key]));
    const kilobytes = ((middle(withSeries, "rss") - middle(without, "rss")) * 1000) / count;
    rows.push([
      name,
      shown(middle(without, "ms")),
      shown(middle(withSeries, "ms")),
      shown(middle(withSeries, "rss")),
      shown(kilobytes),
    ]);
  }
  const header = [
    `a log of ${shown(count)} series, ${HEAD_SAMPLES} samples each`,
    "start without, ms",
    "start with it, ms",
    "RSS, MB",
    "RSS, kB/series",
  ];
  print(`${markdownTable(header, rows)}\n`);
}

async function started(contestants, wanted) {
  const { options } = contestants.find(({ name }) => name === wanted);
  const given = await options();
  const start = performance.now();
  const process = await ServerProcess.start(given);
  const ms = performance.now() - start;
  await sleep(SETTLE_MS);
  const rss = rssMb(process.pid);
  await process.stop();
  return { ms, rss };
}

async function writeLog(directory, count) {
  const db = await Db.open(directory, { autoCompaction: false });
  const labels = Array.from({ length: count }, (_, i) => portLabels(i));
  const refs = new Uint32Array(count);
  for (let k = 0; k < HEAD_SAMPLES; k++) {
    const appender = db.appender();
    const timestamp = START_MS + k * INTERVAL_MS;
    for (let i = 0; i < count; i++)
      if (k === 0) refs[i] = appender.append(labels[i], timestamp, i);
      else appender.appendRef(refs[i], timestamp, i + k * 1000);
    appender.commit();
  }
  await db.close();
}
