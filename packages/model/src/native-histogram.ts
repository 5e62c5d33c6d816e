import { assert } from "./assert.ts";

/** The schema of histograms with custom bucket bounds. */
export const CUSTOM_BUCKETS_SCHEMA = -53;
export const MIN_EXPONENTIAL_SCHEMA = -4;
export const MAX_EXPONENTIAL_SCHEMA = 8;

/** A run of consecutive buckets: `offset` buckets after the run before it (the first: its bucket index), then `length` buckets. */
export interface BucketSpan {
  /** A 32-bit whole number; negative only in the first span. */
  readonly offset: number;
  readonly length: number;
}

/** Whether a counter of this kind restarted since the sample before; `gauge` for histograms that go up and down. */
export type CounterResetHint = "unknown" | "reset" | "not_reset" | "gauge";

/**
 * A native (sparse) histogram, as Prometheus has it: exponential buckets of schema −4 … 8, where bucket
 * i holds (base^(i−1), base^i] with base = 2^(2^−schema), or custom bounds with schema −53.
 *
 * ```
 * spans    offset 2, length 2   offset 1, length 1
 * index    2    3               5
 * buckets  [7,  4,              9]            absolute counts, one list for all spans
 * ```
 * Source: https://prometheus.io/docs/specs/native_histograms/
 */
export interface NativeHistogram {
  readonly schema: number;
  /** Observations in [−zeroThreshold, zeroThreshold] are counted by `zeroCount`. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positiveSpans: readonly BucketSpan[];
  /** Absolute counts, one for each bucket of `positiveSpans`. */
  readonly positiveBuckets: readonly number[];
  readonly negativeSpans: readonly BucketSpan[];
  readonly negativeBuckets: readonly number[];
  /** Upper bounds of the custom buckets, ascending, without +Inf; empty for exponential schemas. */
  readonly customValues: readonly number[];
  readonly counterResetHint: CounterResetHint;
  /** Whether counts are fractions by nature (a rate, an average), and so stored and sent as floats. */
  readonly isFloat: boolean;
}

/** One bucket of a native histogram with its bounds. The upper bound of a positive bucket is inside it. */
export interface NativeBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly index: number;
}

/** A histogram without observations, and the defaults for whatever `fields` leaves out. */
export function nativeHistogram(fields: Partial<NativeHistogram> = {}): NativeHistogram {
  return {
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 0,
    sum: 0,
    positiveSpans: [],
    positiveBuckets: [],
    negativeSpans: [],
    negativeBuckets: [],
    customValues: [],
    counterResetHint: "unknown",
    isFloat: false,
    ...fields,
  };
}

export function isCustomBucketsSchema(schema: number): boolean {
  return schema === CUSTOM_BUCKETS_SCHEMA;
}

export function isExponentialSchema(schema: number): boolean {
  return (
    Number.isInteger(schema) && schema >= MIN_EXPONENTIAL_SCHEMA && schema <= MAX_EXPONENTIAL_SCHEMA
  );
}

// 2^(k/256) for k = 0 … 255: the bounds of schema 8 within one power of two; coarser schemas use every n-th.
const FRACTIONS: readonly number[] = Array.from({ length: 256 }, (_, k) => 2 ** (k / 256));

/**
 * The upper bound of positive bucket `index`, in O(1); the lower bound is that of the bucket before. Where it
 * would be 2^1024 it is the largest double instead, as in Prometheus: the bucket after it holds infinity.
 */
export function bucketUpperBound(
  schema: number,
  index: number,
  customValues: readonly number[] = [],
): number {
  if (isCustomBucketsSchema(schema))
    return index < customValues.length ? (customValues[index] as number) : Number.POSITIVE_INFINITY;
  assert(isExponentialSchema(schema), `native histogram: no bounds for schema ${schema}`);
  if (index * 2 ** -schema === 1024) return Number.MAX_VALUE;
  if (schema <= 0) return 2 ** (index * 2 ** -schema);
  const perPower = 1 << schema;
  const power = Math.floor(index / perPower);
  const fraction = FRACTIONS[(index - power * perPower) * (256 >> schema)] as number;
  // Two factors, so that the smallest bounds do not underflow half-way.
  const half = Math.trunc(power / 2);
  return fraction * 2 ** half * 2 ** (power - half);
}

/** The index of the positive bucket that holds a value greater than zero: the inverse of {@link bucketUpperBound}. */
export function bucketIndex(schema: number, value: number): number {
  assert(
    isExponentialSchema(schema) && value > 0,
    `native histogram: no bucket for ${value} in schema ${schema}`,
  );
  if (value === Number.POSITIVE_INFINITY) return bucketIndex(schema, Number.MAX_VALUE) + 1;
  // Adding zero turns −0, the ceiling of small negative logarithms, into 0.
  let index = Math.ceil(Math.log2(value) * 2 ** schema) + 0;
  // The logarithm may be off by its last digit, which matters at a bound.
  while (bucketUpperBound(schema, index) < value) index++;
  while (bucketUpperBound(schema, index - 1) >= value) index--;
  return index;
}

/** The positive buckets with their bounds, from small to large, without the gaps between spans. */
export function* positiveBuckets(histogram: NativeHistogram): Generator<NativeBucket> {
  const { schema, positiveSpans, customValues } = histogram;
  let i = 0;
  for (const index of spanIndexes(positiveSpans)) {
    const lower =
      isCustomBucketsSchema(schema) && index === 0
        ? Number.NEGATIVE_INFINITY
        : bucketUpperBound(schema, index - 1, customValues);
    yield {
      lower,
      upper: bucketUpperBound(schema, index, customValues),
      count: histogram.positiveBuckets[i++] ?? 0,
      index,
    };
  }
}

/** The negative buckets with their bounds, from the one nearest to zero outwards; the lower bound is inside. */
export function* negativeBuckets(histogram: NativeHistogram): Generator<NativeBucket> {
  let i = 0;
  for (const index of spanIndexes(histogram.negativeSpans)) {
    yield {
      lower: -bucketUpperBound(histogram.schema, index),
      upper: -bucketUpperBound(histogram.schema, index - 1),
      count: histogram.negativeBuckets[i++] ?? 0,
      index,
    };
  }
}

function* spanIndexes(spans: readonly BucketSpan[]): Generator<number> {
  let index = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++) yield index++;
  }
}

/** What is wrong with a native histogram, in Prometheus' sense, or undefined when it is sound. */
export function nativeHistogramProblem(histogram: NativeHistogram): string | undefined {
  const { schema, customValues, zeroCount, zeroThreshold } = histogram;
  if (isCustomBucketsSchema(schema)) {
    if (histogram.negativeSpans.length > 0 || histogram.negativeBuckets.length > 0)
      return "custom buckets: must not have negative buckets";
    if (zeroCount !== 0 || zeroThreshold !== 0)
      return "custom buckets: must not have a zero bucket";
    const unordered = customValues.findIndex(
      (bound, i) =>
        !(bound > (customValues[i - 1] ?? Number.NEGATIVE_INFINITY)) ||
        bound === Number.POSITIVE_INFINITY,
    );
    if (unordered >= 0)
      return `custom buckets: bounds must ascend and be finite: ${customValues[unordered]} at position ${unordered}`;
    const used = histogram.positiveSpans.reduce((sum, span) => sum + span.offset + span.length, 0);
    if (used > customValues.length + 1)
      return `custom buckets: spans reach bucket ${used}, but there are ${customValues.length + 1}`;
  } else if (!isExponentialSchema(schema)) {
    return `invalid schema ${schema}: expected −4 … 8, or −53 for custom buckets`;
  } else if (customValues.length > 0) {
    return `schema ${schema} must not have custom bounds`;
  }
  return (
    spansProblem("positive", histogram.positiveSpans, histogram.positiveBuckets) ??
    spansProblem("negative", histogram.negativeSpans, histogram.negativeBuckets) ??
    countProblem(histogram)
  );
}

function spansProblem(
  side: string,
  spans: readonly BucketSpan[],
  buckets: readonly number[],
): string | undefined {
  const late = spans.findIndex((span, i) => i > 0 && span.offset < 0);
  if (late >= 0)
    return `${side} side: span number ${late + 1} has negative offset ${spans[late]?.offset}`;
  const needed = spans.reduce((sum, span) => sum + span.length, 0);
  if (needed !== buckets.length)
    return `${side} side: spans need ${needed} buckets, have ${buckets.length} buckets`;
  const negative = buckets.findIndex((count) => count < 0);
  if (negative >= 0)
    return `${side} side: bucket number ${negative + 1} has observation count of ${buckets[negative]}`;
  return undefined;
}

function countProblem({
  count,
  zeroCount,
  sum,
  positiveBuckets: positive,
  negativeBuckets: negative,
  isFloat,
}: NativeHistogram): string | undefined {
  if (zeroCount < 0) return `zero bucket has observation count of ${zeroCount}`;
  if (count < 0) return `count is ${count}`;
  if (isFloat) return undefined;
  const inBuckets = [...positive, ...negative].reduce((total, n) => total + n, zeroCount);
  // Observations of NaN are counted, but lie in no bucket; they make the sum NaN.
  const sound = Number.isNaN(sum) ? inBuckets <= count : inBuckets === count;
  return sound
    ? undefined
    : `${inBuckets} observations found in buckets, but the count field is ${count}`;
}
