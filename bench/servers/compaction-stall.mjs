// Fills a database in an empty directory with half a day at 15 s, and compacts it: blocks of two hours from the head, a
// larger one of them. Prints how long that took, and how long it kept the event loop at most.
//
//	compaction-stall.mjs DIRECTORY SERIES
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import { Db } from "@linklight/tsdb";
import { INTERVAL_MS, START_MS, switchSeries } from "../harness/switch-block.mjs";

const SAMPLES = 2880;
const [, , directory, count] = process.argv;

const all = switchSeries(Number(count) / 4);
const columns = all.map(({ fill }) => {
  const values = new Float64Array(SAMPLES);
  fill(values);
  return values;
});
const db = await Db.open(directory, { autoCompaction: false });
const refs = new Uint32Array(all.length);
for (let k = 0; k < SAMPLES; k++) {
  const appender = db.appender();
  const timestamp = START_MS + k * INTERVAL_MS;
  for (const [i, { labels }] of all.entries())
    if (k === 0) refs[i] = appender.append(labels, timestamp, columns[i][k]);
    else appender.appendRef(refs[i], timestamp, columns[i][k]);
  appender.commit();
}
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const start = performance.now();
await db.compact();
const seconds = (performance.now() - start) / 1000;
delay.disable();
const { blocks } = db.stats();
process.stdout.write(
  JSON.stringify({ seconds, blocks, samples: all.length * SAMPLES, stallMs: delay.max / 1e6 }),
);
await db.close();
