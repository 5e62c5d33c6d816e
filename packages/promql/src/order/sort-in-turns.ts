import type { Labels } from "@linklight/model";
import type { Budget } from "../eval/budget.ts";

/** So many are sorted at once, well within a millisecond or two; runs of them are then merged. */
const RUN = 1024;
/** One comparison of label sets, in units of work. */
export const COMPARISON_WORK = 16;

/** Sorts, stably and in place, what may be too much to be sorted at once: pauses now and then. */
export async function sortInTurns<T>(
  items: T[],
  compare: (a: T, b: T) => number,
  budget: Budget,
): Promise<T[]> {
  // What comes from a storage is sorted already.
  if (await isSorted(items, compare, budget)) return items;
  let from = items;
  for (let start = 0; start < items.length; start += RUN) {
    const run = items.slice(start, start + RUN).sort(compare);
    for (let i = 0; i < run.length; i++) items[start + i] = run[i] as T;
    if (budget.spend(10 * COMPARISON_WORK * run.length)) await budget.pause();
  }
  let into = RUN < items.length ? items.slice() : items;
  for (let width = RUN; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width)
      await merge(from, into, start, width, compare, budget);
    [from, into] = [into, from];
  }
  if (from !== items) for (let i = 0; i < items.length; i++) items[i] = from[i] as T;
  return items;
}

/** Sorts by label sets, in place; equal ones keep their order. Pauses now and then, however many there are. */
export function sortByLabels<T extends { readonly labels: Labels }>(
  items: T[],
  budget: Budget,
): Promise<T[]> {
  return sortInTurns(items, compareLabels, budget);
}

function compareLabels<T extends { readonly labels: Labels }>(a: T, b: T): number {
  return a.labels.compare(b.labels);
}

/** Merges the two sorted runs of a width that begin at `start`. */
async function merge<T>(
  from: readonly T[],
  into: T[],
  start: number,
  width: number,
  compare: (a: T, b: T) => number,
  budget: Budget,
): Promise<void> {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let left = start;
  let right = middle;
  for (let i = start; i < end; i++) {
    const takesLeft =
      left < middle && (right >= end || compare(from[left] as T, from[right] as T) <= 0);
    into[i] = from[takesLeft ? left++ : right++] as T;
    if (budget.spend(COMPARISON_WORK)) await budget.pause();
  }
}

async function isSorted<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  budget: Budget,
): Promise<boolean> {
  for (let i = 1; i < items.length; i++) {
    if (compare(items[i - 1] as T, items[i] as T) > 0) return false;
    if (budget.spend(COMPARISON_WORK)) await budget.pause();
  }
  return true;
}
