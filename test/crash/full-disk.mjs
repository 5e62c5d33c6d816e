/**
 * Fills the disk under an open database, and makes room again: `node full-disk.mjs DIRECTORY` on a small file system
 * of its own. Prints what happened as JSON; throws when an acknowledged sample is missing or another one is there.
 */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Db } from "@linklight/tsdb";
import { OPTIONS, SERIES, valueAt } from "./expected.mjs";

const [directory] = process.argv.slice(2);
const data = join(directory, "data");
const ballast = join(directory, "ballast");
const acknowledged = new Set();
const refused = [];
let time = 0;
let db = await Db.open(data, OPTIONS);

commits(100);
await db.compact();
fill();
commits(200);
const compactionError = await db.compact().then(
  () => undefined,
  (error) => error.code,
);
rmSync(ballast);
const first = time;
commits(100);
await db.compact();
await db.close();
db = await Db.open(data, OPTIONS);
const found = samplesOf(db);
await db.close();
for (const sample of acknowledged) if (!found.has(sample)) throw new Error(`lost: ${sample}`);
for (const sample of found) if (!acknowledged.has(sample)) throw new Error(`invented: ${sample}`);
process.stdout.write(
  `${JSON.stringify({ acknowledged: acknowledged.size, refused: [...new Set(refused)], resumed: [...acknowledged].some((sample) => Number(sample.split(" ")[1]) > first), compactionError })}\n`,
);

function commits(count) {
  for (let i = 0; i < count; i++) {
    time += 1000;
    const appender = db.appender();
    for (let series = 0; series < SERIES; series++)
      appender.append(
        { __name__: "crash_total", series: String(series) },
        time,
        valueAt(series, time),
      );
    try {
      appender.commit();
      for (let series = 0; series < SERIES; series++)
        acknowledged.add(`${series} ${time} ${valueAt(series, time)}`);
    } catch (error) {
      refused.push(error.code ?? String(error));
    }
  }
}

/** Takes all room that is left. */
function fill() {
  const file = openSync(ballast, "w");
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch {
      // No room for that much: then for less.
    }
  }
  closeSync(file);
}

function samplesOf(one) {
  const into = {
    length: 0,
    timestamps: new Float64Array(10_000),
    values: new Float64Array(10_000),
    reserve: () => {},
  };
  const samples = new Set();
  for (const series of one.select({ matchers: [], minTime: 0, maxTime: 1e12 }).series) {
    into.length = 0;
    series.read(into, 0, 1e12);
    for (let i = 0; i < into.length; i++)
      samples.add(`${series.labels.get("series")} ${into.timestamps[i]} ${into.values[i]}`);
  }
  return samples;
}
