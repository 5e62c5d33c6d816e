import type { SampleTarget } from "./sample-target.ts";

/** A stretch of time in ms, both ends inclusive. */
export interface Interval {
  readonly minTime: number;
  readonly maxTime: number;
}

/** Leaves of the samples from `start` on only those within the interval. They are ascending. */
export function keepInterval(
  into: SampleTarget,
  start: number,
  { minTime, maxTime }: Interval,
): void {
  const { timestamps } = into;
  let end = into.length;
  while (end > start && (timestamps[end - 1] as number) > maxTime) end--;
  let from = start;
  while (from < end && (timestamps[from] as number) < minTime) from++;
  into.length = end;
  remove(into, start, from);
}

/** Takes the samples within deleted intervals away, from `start` on. The intervals ascend and do not touch. */
export function dropIntervals(
  into: SampleTarget,
  start: number,
  deleted: readonly Interval[],
): void {
  for (let i = deleted.length - 1; i >= 0; i--) {
    const { minTime, maxTime } = deleted[i] as Interval;
    const from = firstAtOrAfter(into, start, minTime);
    const end = firstAtOrAfter(into, from, maxTime + 1);
    remove(into, from, end);
  }
}

function firstAtOrAfter({ timestamps, length }: SampleTarget, start: number, time: number): number {
  let low = start;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timestamps[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function remove(into: SampleTarget, from: number, end: number): void {
  if (from === end) return;
  into.timestamps.copyWithin(from, end, into.length);
  // The bits of staleness markers survive a copy within a typed array.
  into.values.copyWithin(from, end, into.length);
  into.length -= end - from;
}
