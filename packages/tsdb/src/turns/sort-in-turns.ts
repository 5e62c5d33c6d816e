import type { Pause } from "./pause.ts";

/** So many are sorted in one go: a fraction of a millisecond. */
const RUN = 256;

/** Sorts, stably, what is too much to be sorted in one go: the event loop turns between small steps. */
export async function sortInTurns<T>(
  items: Iterable<T>,
  compare: (a: T, b: T) => number,
  pause: Pause,
): Promise<T[]> {
  let runs: T[][] = [];
  let run: T[] = [];
  for (const item of items) {
    if (run.length === RUN) {
      runs.push(run.sort(compare));
      run = [];
      if (pause.isDueNow()) await pause.take();
    }
    run.push(item);
  }
  runs.push(run.sort(compare));
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const b = runs[i + 1];
      merged.push(
        b === undefined ? (runs[i] as T[]) : await mergeInTurns(runs[i] as T[], b, compare, pause),
      );
    }
    runs = merged;
  }
  return runs[0] as T[];
}

/** Makes one ascending list of two; of equal ones, those of `a` come first. */
export async function mergeInTurns<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
  pause: Pause,
): Promise<T[]> {
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (pause.isDue()) await pause.take();
    const fromA = j === b.length || (i < a.length && compare(a[i] as T, b[j] as T) <= 0);
    merged.push(fromA ? (a[i++] as T) : (b[j++] as T));
  }
  return merged;
}
