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
import { INTERVAL_MS, portLabels, START_MS, writeSwitchBlock } from "../harness/switch-block.mjs";

const server = fileURLToPath(new URL("../servers/promql-server.mjs", import.meta.url));

const SERIES = 100_000;
const QUICK_SERIES = 4_000;
const BLOCK_SAMPLES = 120;
const HEAD_SAMPLES = 20;
const ROUNDS = 9;
const STARTS = 3;
/** What a start leaves to collect is collected by then. */
const SETTLE_MS = 1_500;

const SELECTORS = [
  `count({job="switch"})`,
  `count({__name__=~"rx_.*|port_info",port=~"Ethernet1/[1-9]"})`,
  `count({port!~"Ethernet1/1.*",__name__="rx_octets_total"})`,
  `rx_octets_total{instance="leaf7",port="Ethernet1/7"}`,
];

/** How long a directory of 100,000 series takes to open and to be asked, and what its series take in memory. */
export async function opening({ quick, print, real, newFolder }) {
  const count = quick ? QUICK_SERIES : SERIES;
  const folder = newFolder();
  // Four families of that many ports each.
  const { block } = await writeSwitchBlock(folder, { count: count / 4, samples: BLOCK_SAMPLES });
  print(`${await inProcess(block, count)}\n`);
  const rounds = quick ? 2 : ROUNDS;
  await selecting({ print, folder, real, rounds, count });
  await replaying({ print, real, count, newFolder, starts: quick ? 1 : STARTS });
  return [];
}

async function inProcess(directory, count) {
  const opened = [];
  const selected = [];
  const selection = { minTime: START_MS, maxTime: START_MS + BLOCK_SAMPLES * INTERVAL_MS };
  const matchers = [createMatcher("job", "=", "switch")];
  for (let i = 0; i < ROUNDS; i++) {
    let start = performance.now();
    const block = await Block.open(directory, new PageCache());
    opened.push(performance.now() - start);
    start = performance.now();
    const series = [...block.select({ matchers, ...selection })];
    selected.push(performance.now() - start);
    if (series.length !== count) throw new Error(`selected ${series.length} of ${count} series`);
    block.close();
  }
  return markdownTable(
    [`a block of ${shown(count)} series`, "ms"],
    [
      ["opened", shown(median(opened))],
      ["all of them selected, without their samples", shown(median(selected))],
    ],
  );
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
