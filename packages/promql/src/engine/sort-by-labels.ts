import type { Labels } from "@linklight/model";
import type { Budget } from "../eval/budget.ts";

/** So many are sorted at once, well within a millisecond or two; runs of them are then merged. */
const RUN = 1024;
/** One comparison of label sets, in units of work. */
const COMPARISON = 16;

/** Sorts by label sets, in place; equal ones keep their order. Pauses now and then, however many there are. */
export async function sortByLabels<T extends { readonly labels: Labels }>(
  items: T[],
  budget: Budget,
): Promise<T[]> {
  // What comes from a storage is sorted already.
  if (isSorted(items)) return items;
  let from = items;
  for (let start = 0; start < items.length; start += RUN) {
    const run = items.slice(start, start + RUN).sort((a, b) => a.labels.compare(b.labels));
    for (let i = 0; i < run.length; i++) items[start + i] = run[i] as T;
    if (budget.spend(10 * COMPARISON * run.length)) await budget.pause();
  }
  let into = RUN < items.length ? items.slice() : items;
  for (let width = RUN; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width)
      await merge(from, into, start, width, budget);
    [from, into] = [into, from];
  }
  if (from !== items) for (let i = 0; i < items.length; i++) items[i] = from[i] as T;
  return items;
}

/** Merges the two sorted runs of a width that begin at `start`. */
async function merge<T extends { readonly labels: Labels }>(
  from: readonly T[],
  into: T[],
  start: number,
  width: number,
  budget: Budget,
): Promise<void> {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let left = start;
  let right = middle;
  for (let i = start; i < end; i++) {
    const takesLeft =
      left < middle &&
      (right >= end || (from[left] as T).labels.compare((from[right] as T).labels) <= 0);
    into[i] = from[takesLeft ? left++ : right++] as T;
    if (budget.spend(COMPARISON)) await budget.pause();
  }
}

function isSorted(items: readonly { readonly labels: Labels }[]): boolean {
  for (let i = 1; i < items.length; i++) {
    const [before, item] = [items[i - 1], items[i]];
    if (before !== undefined && item !== undefined && before.labels.compare(item.labels) > 0)
      return false;
  }
  return true;
}
