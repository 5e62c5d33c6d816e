import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Db } from "@linklight/tsdb";
import { markdownTable, shown, times } from "../harness/markdown.mjs";
import { measuredRun } from "../harness/measured-run.mjs";
import { INTERVAL_MS, offsetMs, START_MS, switchSeries } from "../harness/switch-block.mjs";

const PORTS = 100;
const SAMPLES = 2880;
const QUICK_SAMPLES = 480;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What a sample takes on the disk, in blocks of two hours. */
export async function disk({ quick, print, real, newFolder }) {
  const samples = quick ? QUICK_SAMPLES : SAMPLES;
  const series = switchSeries(PORTS).map((one) => {
    const values = new Float64Array(samples);
    one.fill(values);
    return { ...one, values, firstTime: START_MS + offsetMs(one.at) };
  });
  const sizes = new Map([["linklight", await ours(newFolder(), series, samples)]]);
  if (real !== undefined) sizes.set("promtool", await theirs(newFolder(), series, samples, real));
  const total = series.length * samples;
  const theirBytes = sizes.get("promtool")?.all ?? Number.NaN;
  const header = [
    `blocks of ${shown(total / 1e6)} million samples`,
    "blocks",
    "chunks, bytes/sample",
    "index, bytes/sample",
    "all, bytes/sample",
    "beside promtool",
  ];
  const rows = [...sizes].map(([name, { blocks, chunks, index, all }]) => [
    name,
    shown(blocks),
    ...[chunks, index, all].map((bytes) => shown(bytes / total)),
    times(all / theirBytes),
  ]);
  print(`${markdownTable(header, rows)}\n`);
  if (real === undefined) return [];
  const figure = sizes.get("linklight").all / theirBytes;
  return [{ what: "bytes on the disk beside promtool's blocks", figure, most: 1.05 }];
}

/** Through the head. A sample of the next day makes all of them due. */
async function ours(directory, series, samples) {
  const twoHours = { minBlockDurationMs: 2 * HOUR_MS, maxBlockDurationMs: 2 * HOUR_MS };
  const db = await Db.open(directory, { ...twoHours, autoCompaction: false });
  for (let k = 0; k < samples; k++) {
    const appender = db.appender();
    for (const { labels, values, firstTime } of series)
      appender.append(labels, firstTime + k * INTERVAL_MS, values[k]);
    appender.commit();
  }
  const appender = db.appender();
  appender.append({ __name__: "up" }, START_MS + DAY_MS, 1);
  appender.commit();
  await db.compact();
  await db.close();
  return sizesOf(directory);
}

async function theirs(directory, series, samples, { promtool }) {
  const file = join(directory, "samples.om");
  const descriptor = openSync(file, "wx");
  let family = "";
  for (const { labels, values, firstTime } of series) {
    const name = labels.get("__name__");
    if (name !== family) writeSync(descriptor, `# TYPE ${name} unknown\n`);
    family = name;
    const pairs = [...labels].filter(([key]) => key !== "__name__");
    const metric = `${name}{${pairs.map(([key, value]) => `${key}="${value}"`).join(",")}}`;
    const lines = Array.from(
      values,
      (value, k) => `${metric} ${value} ${(firstTime + k * INTERVAL_MS) / 1000}\n`,
    );
    writeSync(descriptor, lines.join(""));
  }
  writeSync(descriptor, "# EOF\n");
  closeSync(descriptor);
  const data = join(directory, "data");
  await measuredRun(promtool, ["tsdb", "create-blocks-from", "openmetrics", file, data]);
  const sizes = sizesOf(data);
  if (sizes.samples !== series.length * samples)
    throw new Error(`promtool stored ${sizes.samples} of ${series.length * samples} samples`);
  return sizes;
}

function sizesOf(directory) {
  const sizes = { blocks: 0, samples: 0, chunks: 0, index: 0, all: 0 };
  for (const name of readdirSync(directory).filter((one) => one.length === 26)) {
    const block = join(directory, name);
    const size = (...path) => statSync(join(block, ...path)).size;
    sizes.blocks++;
    sizes.samples += JSON.parse(readFileSync(join(block, "meta.json"), "utf8")).stats.numSamples;
    for (const segment of readdirSync(join(block, "chunks")))
      sizes.chunks += size("chunks", segment);
    sizes.index += size("index");
    sizes.all += size("meta.json") + size("tombstones");
  }
  sizes.all += sizes.chunks + sizes.index;
  return sizes;
}
