/**
 * Appends to a database until it is killed: `node writer.mjs DIRECTORY`. Each commit has one sample of every series, a
 * second after the one before; its time is printed when, and only when, the commit has returned. Blocks are made of
 * a minute, so that compactions and checkpoints run most of the time, while commits go on.
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Db } from "@linklight/tsdb";
import { OPTIONS, SERIES, valueAt } from "./expected.mjs";

const [directory] = process.argv.slice(2);
const db = await Db.open(directory, OPTIONS);
const newest = Math.max(0, db.head.maxTime, ...db.blocks.map(({ maxTime }) => maxTime));
writeSync(1, "open\n");

let compaction = Promise.resolve();
let isCompacting = false;
for (let time = Math.ceil(newest / 1000) * 1000 + 1000; ; time += 1000) {
  const appender = db.appender();
  for (let i = 0; i < SERIES; i++)
    appender.append({ __name__: "crash_total", series: String(i) }, time, valueAt(i, time));
  appender.commit();
  writeSync(1, `${time}\n`);
  if (!isCompacting) {
    isCompacting = true;
    compaction = compaction
      .then(() => db.compact())
      .then(() => {
        isCompacting = false;
      });
  }
  await nextTurn();
}
