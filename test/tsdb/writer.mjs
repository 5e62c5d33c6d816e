// Writes to a database until it is killed: `node writer.mjs DIR FIRST [WALSYNC]`. Commit number n holds what batch(n) says,
// so that whoever reads the directory later can tell. Says on standard output, a line each, what has happened:
//
//   committed n     what n holds is acknowledged
//   synced n        and is on the disk
//   deleting g / deleted g   the series of a doomed generation
//   compacting / compacted / compaction CODE
//   stopped CODE    a commit was refused; it is tried again until it is taken
import { writeSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { Db } from "@linklight/tsdb";
// biome-ignore lint/correctness/useImportExtensions: it finds the declarations, Node the module.
import { batch, doomedAt, OPTIONS } from "./batch.mjs";

const COMMITS_PER_COMPACTION = 30;
const COMMITS_PER_SYNC = 7;

const [directory = "", first = "0", walSync] = process.argv.slice(2);
const db = await Db.open(directory, { ...OPTIONS, ...(walSync && { walSync }) });
let isCompacting = false;

for (let n = Number(first); ; n++) {
  const appender = db.appender();
  for (const { labels, timestamp, value } of batch(n)) appender.append(labels, timestamp, value);
  await commit(appender);
  say(`committed ${n}`);
  if (n % COMMITS_PER_COMPACTION === 0 && !isCompacting) void compact();
  if (walSync !== undefined) await beyondCommits(n);
  await sleep(1);
}

/** @param {import("@linklight/tsdb").HeadAppender} appender */
async function commit(appender) {
  for (let attempt = 0; ; attempt++) {
    try {
      appender.commit();
      return;
    } catch (error) {
      if (attempt === 0) say(`stopped ${error.code}`);
      await sleep(5);
    }
  }
}

/** What only the test of power cuts has: it knows what is deleted. */
async function beyondCommits(n) {
  const doomed = doomedAt(n);
  if (doomed !== undefined) {
    say(`deleting ${doomed}`);
    const matches = (value) => value === `f${doomed}`;
    const matcher = { name: "flow", operator: "=", value: `f${doomed}`, matches };
    await db.deleteSeries([matcher], { minTime: 0, maxTime: 1e15 });
    if (walSync === "segment") await db.sync();
    say(`deleted ${doomed}`);
  }
  if (walSync === "commit") say(`synced ${n}`);
  else if (n % COMMITS_PER_SYNC === 0) void db.sync().then(() => say(`synced ${n}`));
}

async function compact() {
  isCompacting = true;
  say("compacting");
  try {
    await db.compact();
    say("compacted");
  } catch (error) {
    say(`compaction ${error.code ?? error.stack}`);
  }
  isCompacting = false;
}

/** Written when this returns, so that nothing acknowledged is lost with the process. */
function say(line) {
  writeSync(1, `${line}\n`);
}
