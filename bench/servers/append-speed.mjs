// Appends scrapes to a database in an empty directory, as `promtool tsdb bench write` does: 1,000 samples a commit,
// each series 1,000 more every 30 s. Prints how long that took.
//
//	append-speed.mjs DIRECTORY snappy|none segment|commit SERIES SCRAPES
import process from "node:process";
import { Db } from "@linklight/tsdb";
import { portLabels } from "../harness/switch-block.mjs";

const [, , directory, walCompression, walSync, series, scrapes] = process.argv;
const PER_COMMIT = 1000;
const FIRST_VALUE = 123_456_789;
const STEP_MS = 30_000;

const labels = Array.from({ length: Number(series) }, (_, i) => portLabels(i));
const refs = new Uint32Array(labels.length);
const db = await Db.open(directory, { walCompression, walSync, autoCompaction: false });
const start = performance.now();
for (let scrape = 0; scrape < Number(scrapes); scrape++)
  for (let from = 0; from < labels.length; from += PER_COMMIT) {
    const appender = db.appender();
    const end = Math.min(labels.length, from + PER_COMMIT);
    const [timestamp, value] = [scrape * STEP_MS, FIRST_VALUE + scrape * 1000];
    for (let i = from; i < end; i++)
      if (scrape === 0) refs[i] = appender.append(labels[i], timestamp, value);
      else appender.appendRef(refs[i], timestamp, value);
    appender.commit();
  }
const seconds = (performance.now() - start) / 1000;
const { samplesAppended, walBytes } = db.stats();
process.stdout.write(JSON.stringify({ seconds, samples: samplesAppended, walBytes }));
await db.close();
