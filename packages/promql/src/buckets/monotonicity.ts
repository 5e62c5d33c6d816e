import type { BucketCounts, ForcedMonotonicity } from "./bucket-counts.ts";

/** Relative differences up to this are taken for errors of floating point. */
const TOLERANCE = 1e-12;

const SMALLEST_NORMAL = 2 ** -1022;

/**
 * Makes cumulative counts rise, as they would have if all buckets had been read at the same moment: differences
 * within the errors of floating point are smoothed away silently, others are levelled. Tells of the latter, if any.
 */
export function forceMonotonicity({
  bounds,
  counts,
  length,
}: BucketCounts): ForcedMonotonicity | undefined {
  let forced: ForcedMonotonicity | undefined;
  let previous = counts[0] as number;
  for (let i = 1; i < length; i++) {
    const count = counts[i] as number;
    if (count === previous) continue;
    if (isAlmostEqual(previous, count)) {
      counts[i] = previous;
    } else if (count < previous) {
      const bound = bounds[i] as number;
      forced ??= { minBound: bound, maxBound: bound, maxDifference: 0 };
      forced.maxBound = bound;
      forced.maxDifference = Math.max(forced.maxDifference, previous - count);
      counts[i] = previous;
    } else {
      previous = count;
    }
  }
  return forced;
}

function isAlmostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}
