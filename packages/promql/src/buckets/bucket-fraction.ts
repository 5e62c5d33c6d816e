import type { BucketCounts } from "./bucket-counts.ts";

/**
 * The share of observations between two values, taken as spread evenly within their bucket. NaN where a limit is NaN,
 * without an infinite bucket, and without observations; 0 where the limits are not in order.
 */
export function bucketFraction(lower: number, upper: number, buckets: BucketCounts): number {
  if (!buckets.isComplete) return Number.NaN;
  const { total } = buckets;
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets) - rankOf(lower, buckets)) / total;
}

/** How many observations are below a value. */
function rankOf(value: number, { bounds, counts, length }: BucketCounts): number {
  const total = counts[length - 1] as number;
  // Without bounds below 0 there are no observations below 0 either.
  let start = (bounds[0] as number) <= 0 ? -Infinity : 0;
  let below = 0;
  for (let i = 0; i < length; i++) {
    if (i > 0) start = bounds[i - 1] as number;
    const end = bounds[i] as number;
    const count = counts[i] as number;
    if (start >= value) return atMost(below, total);
    if (end > value) {
      const rank =
        start === -Infinity ? count : below + ((count - below) * (value - start)) / (end - start);
      return atMost(rank, total);
    }
    below = count;
  }
  return total;
}

function atMost(rank: number, total: number): number {
  return rank > total ? total : rank;
}
