// A simulated month of a fleet whose pods come and go, in a database of @linklight/tsdb, as fast as it goes: whether memory
// and disk stay within bounds, how long the event loop stands still, and whether everything is there in the end.
//
//	npm run soak [-- DAYS PODS SERIES]      30 days, 200 pods of 10 series
//
// Prints a line a day. Exit code 1 when something was lost, or a bound was crossed.
import process from "node:process";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { boundsCrossed } from "./bounds.ts";
import { soak } from "./soak.ts";

const DAY_MS = 24 * 3_600_000;
const [days = 30, pods = 200, seriesPerPod = 10] = process.argv.slice(2).map(Number);

const folder = temporaryFolder("soak");
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1).padStart(8);
const count = (value: number, width: number): string => String(value).padStart(width);

process.stdout.write(`${pods * seriesPerPod} series at a time, a sample a minute, ${days} days\n`);
process.stdout.write(
  "day     samples   head  blocks  disk MiB  heap MiB   RSS MiB  longest ms  99 % ms\n",
);
try {
  const start = performance.now();
  const report = await soak(folder.path, {
    days,
    pods,
    seriesPerPod,
    intervalMs: 60_000,
    db: { retentionMs: 7 * DAY_MS, cacheBytes: 16 * 2 ** 20 },
    onDay: ({
      day,
      samples,
      headSeries,
      blocks,
      diskBytes,
      heapBytes,
      rssBytes,
      stallMs,
      turnCpuMs,
    }) =>
      process.stdout.write(
        `${count(day, 3)} ${count(samples, 11)} ${count(headSeries, 6)} ${count(blocks, 7)}  ${mib(diskBytes)}  ${mib(heapBytes)}  ${mib(rssBytes)} ${stallMs.toFixed(1).padStart(11)} ${turnCpuMs.toFixed(1).padStart(8)}\n`,
      ),
  });
  const seconds = (performance.now() - start) / 1000;
  const { kept, samplesAppended, deletions, reopened, keptFromMs, lastMs } = report;
  process.stdout.write(
    `${samplesAppended} samples appended in ${seconds.toFixed(0)} s, ${deletions} deletions, ${reopened} starts; ` +
      `${kept.samples} samples of the last ${((lastMs - keptFromMs) / DAY_MS).toFixed(1)} days read back\n`,
  );
  const problems = [...report.problems, ...boundsCrossed(report.days, 7)];
  for (const problem of problems) process.stdout.write(`problem: ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  folder.remove();
}
