import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { markdownTable, shown, times } from "../harness/markdown.mjs";
import { measuredRun } from "../harness/measured-run.mjs";
import { median } from "../harness/median.mjs";
import { portLabels } from "../harness/switch-block.mjs";

const script = fileURLToPath(new URL("../servers/append-speed.mjs", import.meta.url));

const SERIES = 10_000;
/** Behind one and a half ranges of the head, promtool would begin to compact. */
const SCRAPES = 300;
const SYNCED_SCRAPES = 10;
const ROUNDS = 5;
const LEAST_PER_SECOND = 300_000;

/** Samples a second from an appender to the write-ahead log. */
export async function appends({ quick, print, real, newFolder }) {
  const scrapes = quick ? SCRAPES / 10 : SCRAPES;
  const ours = (compression, sync, count) => () =>
    append(newFolder(), [compression, sync, SERIES, count]);
  const contestants = [
    { name: "linklight, snappy", run: ours("snappy", "segment", scrapes) },
    { name: "linklight, no compression", run: ours("none", "segment", scrapes) },
    { name: "linklight, snappy, fsync a commit", run: ours("snappy", "commit", SYNCED_SCRAPES) },
  ];
  if (real !== undefined)
    contestants.push({
      name: "promtool, no compression",
      run: () => promtoolWrite(newFolder(), real, scrapes),
    });
  const taken = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++)
    for (const { name, run } of contestants) taken.get(name).push(await run());
  const middle = (name, key) => median(taken.get(name).map((each) => each[key]));
  const rival = contestants.find(({ name }) => name.startsWith("promtool"))?.name;
  const header = [
    "10,000 series, 1,000 samples a commit",
    "million samples/s",
    "beside promtool",
    "WAL, bytes/sample",
    "CPU of all, s",
    "peak RSS, MB",
  ];
  const rows = contestants.map(({ name }) => [
    name,
    shown(middle(name, "perSecond") / 1e6),
    rival === undefined ? "–" : times(middle(name, "perSecond") / middle(rival, "perSecond")),
    shown(middle(name, "walBytes")),
    shown(middle(name, "cpuMs") / 1000),
    shown(middle(name, "peakRssMb")),
  ]);
  print(`${markdownTable(header, rows)}\n`);
  return (
    contestants
      // What an fsync takes is the disk's.
      .filter(({ name }) => name.startsWith("linklight") && !name.includes("fsync"))
      .map(({ name }) => ({
        what: `samples appended a second: ${name}`,
        figure: middle(name, "perSecond"),
        least: LEAST_PER_SECOND,
      }))
  );
}

async function append(folder, args) {
  const run = await measuredRun(process.execPath, [script, folder, ...args.map(String)]);
  const { seconds, samples, walBytes } = JSON.parse(run.output);
  return { ...run, perSecond: samples / seconds, walBytes: walBytes / samples };
}

async function promtoolWrite(folder, { promtool }, scrapes) {
  const file = join(folder, "series.json");
  const lines = Array.from({ length: SERIES }, (_, i) => `${JSON.stringify(portLabels(i))}\n`);
  writeFileSync(file, lines.join(""));
  const counts = [`--metrics=${SERIES}`, `--scrapes=${scrapes}`];
  const out = `--out=${join(folder, "out")}`;
  const run = await measuredRun(promtool, ["tsdb", "bench", "write", out, ...counts, file]);
  const said = /samples\/sec: (\S+)/.exec(run.output)?.[1];
  if (said === undefined) throw new Error(`promtool did not say how fast it was: ${run.output}`);
  return { ...run, perSecond: Number(said), walBytes: Number.NaN };
}
