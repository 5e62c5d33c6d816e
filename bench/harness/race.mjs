import process from "node:process";
import { markdownTable, shown, times } from "./markdown.mjs";
import { median } from "./median.mjs";

const WARM_UP_ROUNDS = 5;
const ROUNDS = 25;
const QUICK_ROUNDS = 5;

/**
 * Runs alternatives in turn in this process, A B C … A B C …, and gives the median of what an operation of
 * each took, in nanoseconds. An alternative has a name and `run()`, which does a fixed amount of work and
 * returns how many operations that was.
 */
export function race(alternatives, { quick }) {
  const taken = new Map(alternatives.map(({ name }) => [name, []]));
  const rounds = quick ? QUICK_ROUNDS : ROUNDS;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const { name, run } of alternatives) {
      const start = process.hrtime.bigint();
      const operations = run();
      const nanoseconds = Number(process.hrtime.bigint() - start) / operations;
      if (round >= 0) taken.get(name).push(nanoseconds);
    }
  }
  return alternatives.map(({ name }) => ({ name, nanoseconds: median(taken.get(name)) }));
}

/** The results as a table: how long an operation takes, how many millions a second that makes, and beside the last alternative. */
export function raceTable(results, operation) {
  const baseline = results.at(-1);
  return markdownTable(
    ["", `ns/${operation}`, "million/s", `times as fast as ${baseline.name}`],
    results.map(({ name, nanoseconds }) => [
      name,
      shown(nanoseconds),
      shown(1000 / nanoseconds),
      times(baseline.nanoseconds / nanoseconds),
    ]),
  );
}
