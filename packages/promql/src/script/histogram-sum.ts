import {
  type BucketSpan,
  type CounterResetHint,
  isCustomBucketsSchema,
  type NativeHistogram,
} from "@linklight/model";

/** Absolute counts by bucket index, without empty buckets' places mattering. */
export type BucketCounts = ReadonlyMap<number, number>;

/**
 * What `{{…}}+{{…}}x3` and `{{…}}-{{…}}x3` add up to. The second may be of finer resolution: its buckets are
 * merged. Returns why not where the histograms do not fit together.
 */
export function addHistograms(
  a: NativeHistogram,
  b: NativeHistogram,
  sign: 1 | -1,
): NativeHistogram | { readonly problem: string } {
  const problem = mismatch(a, b);
  if (problem !== undefined) return { problem: `error combining histograms: ${problem}` };
  const add = (to: BucketCounts, from: BucketCounts): Map<number, number> => {
    const counts = new Map(to);
    for (const [index, count] of from) {
      const coarse = coarseIndex(index, b.schema - a.schema);
      counts.set(coarse, (counts.get(coarse) ?? 0) + sign * count);
    }
    return counts;
  };
  const positive = bucketsOf(add(positiveCounts(a), positiveCounts(b)));
  const negative = bucketsOf(add(negativeCounts(a), negativeCounts(b)));
  return {
    ...a,
    zeroCount: a.zeroCount + sign * b.zeroCount,
    count: a.count + sign * b.count,
    sum: a.sum + sign * b.sum,
    positiveSpans: positive.spans,
    positiveBuckets: positive.buckets,
    negativeSpans: negative.spans,
    negativeBuckets: negative.buckets,
    counterResetHint: combinedHint(a.counterResetHint, b.counterResetHint),
  };
}

function mismatch(a: NativeHistogram, b: NativeHistogram): string | undefined {
  if (isCustomBucketsSchema(a.schema) || isCustomBucketsSchema(b.schema)) {
    if (a.schema !== b.schema) return "custom buckets do not go together with exponential ones";
    return `${a.customValues}` === `${b.customValues}`
      ? undefined
      : "custom buckets of different bounds are not implemented yet";
  }
  if (a.schema > b.schema) return `cannot merge from schema ${b.schema} to ${a.schema}`;
  return a.zeroThreshold === b.zeroThreshold
    ? undefined
    : "zero buckets of different width are not implemented yet";
}

/** The bucket that holds this one, in a resolution that many schemas coarser. */
function coarseIndex(index: number, schemas: number): number {
  return Math.ceil(index / 2 ** schemas);
}

function combinedHint(a: CounterResetHint, b: CounterResetHint): CounterResetHint {
  if (a === b) return a;
  return a === "gauge" || b === "gauge" ? "gauge" : "unknown";
}

/** The counts of the positive buckets by index. */
export function positiveCounts(histogram: NativeHistogram): BucketCounts {
  return countsOf(histogram.positiveSpans, histogram.positiveBuckets);
}

/** The counts of the negative buckets by index. */
export function negativeCounts(histogram: NativeHistogram): BucketCounts {
  return countsOf(histogram.negativeSpans, histogram.negativeBuckets);
}

function countsOf(spans: readonly BucketSpan[], buckets: readonly number[]): BucketCounts {
  const counts = new Map<number, number>();
  let index = 0;
  let i = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let n = 0; n < length; n++) counts.set(index++, buckets[i++] ?? 0);
  }
  return counts;
}

/** Spans and buckets of the counts, without the empty buckets. */
export function bucketsOf(counts: BucketCounts): {
  readonly spans: readonly BucketSpan[];
  readonly buckets: readonly number[];
} {
  const filled = [...counts].filter(([, count]) => count !== 0).sort((a, b) => a[0] - b[0]);
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const [index] of filled) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  return { spans, buckets: filled.map(([, count]) => count) };
}
