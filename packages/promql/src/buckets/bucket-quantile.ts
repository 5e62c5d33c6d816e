import type { BucketCounts } from "./bucket-counts.ts";
import { forceMonotonicity } from "./monotonicity.ts";

/**
 * The value below which the given share of observations lies, taken as spread evenly within their bucket: the lowest
 * bucket begins at 0 unless it ends at or below 0, and what falls into the highest one is given its lower bound.
 * −Infinity below 0, +Infinity above 1; NaN for NaN, without an infinite bucket, with fewer than two buckets, and
 * without observations. Corrects the counts, and notes in `forced` where they had to be made to rise.
 */
export function bucketQuantile(q: number, buckets: BucketCounts): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  if (!buckets.isComplete) return Number.NaN;
  const forced = forceMonotonicity(buckets);
  if (buckets.length < 2 || buckets.total === 0) return Number.NaN;
  buckets.forced = forced;
  return interpolate(q * buckets.total, buckets);
}

function interpolate(rank: number, { bounds, counts, length }: BucketCounts): number {
  const i = firstNotBelow(rank, counts, length - 1);
  if (i === length - 1) return bounds[length - 2] as number;
  const end = bounds[i] as number;
  if (i === 0) return end <= 0 ? end : end * (rank / (counts[0] as number));
  const start = bounds[i - 1] as number;
  const below = counts[i - 1] as number;
  return start + (end - start) * ((rank - below) / ((counts[i] as number) - below));
}

/** The first of the first `length` counts that is not below the rank, found by halving; `length` if there is none. */
function firstNotBelow(rank: number, counts: Float64Array, length: number): number {
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((counts[middle] as number) >= rank) to = middle;
    else from = middle + 1;
  }
  return from;
}
