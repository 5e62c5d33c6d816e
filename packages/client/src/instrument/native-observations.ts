import {
  type BucketSpan,
  bucketIndex,
  MAX_EXPONENTIAL_SCHEMA,
  MIN_EXPONENTIAL_SCHEMA,
  type NativeHistogram,
  nativeHistogram,
} from "@linklight/model";

/** How fine the native buckets of a histogram are, and how many it may have. */
export interface NativeBucketOptions {
  /** The most by which one bucket bound may exceed the last, as a factor greater than 1; 1.1 by default. */
  readonly factor?: number;
  /** When more buckets are in use, every two are merged into one, again and again; 160 by default. */
  readonly maxBuckets?: number;
  /** Observations at most this far from zero are counted as zero; 2^−128 by default. */
  readonly zeroThreshold?: number;
}

function withDefaults({
  factor = 1.1,
  maxBuckets = 160,
  zeroThreshold = 2 ** -128,
}: NativeBucketOptions): Required<NativeBucketOptions> {
  return { factor, maxBuckets, zeroThreshold };
}

/** Throws RangeError for options that no native histogram can have. */
export function checkNativeBuckets(metric: string, options: NativeBucketOptions): void {
  const { factor, maxBuckets, zeroThreshold } = withDefaults(options);
  if (!(factor > 1))
    throw new RangeError(
      `metric ${metric}: the factor between native buckets must be greater than 1, got ${factor}`,
    );
  if (!(maxBuckets >= 1))
    throw new RangeError(`metric ${metric}: maxBuckets must be at least 1, got ${maxBuckets}`);
  if (!(zeroThreshold >= 0))
    throw new RangeError(
      `metric ${metric}: zeroThreshold must not be negative, got ${zeroThreshold}`,
    );
}

/** The observations of one series in native buckets: sparse, exponential, bounded in number. */
export class NativeObservations {
  readonly #maxBuckets: number;
  readonly #zeroThreshold: number;
  #schema: number;
  #positive = new Map<number, number>();
  #negative = new Map<number, number>();
  #zeroCount = 0;
  #count = 0;
  #sum = 0;

  /** The options must be ones that {@link checkNativeBuckets} lets pass. */
  constructor(options: NativeBucketOptions) {
    const { factor, maxBuckets, zeroThreshold } = withDefaults(options);
    this.#schema = schemaOf(factor);
    this.#maxBuckets = maxBuckets;
    this.#zeroThreshold = zeroThreshold;
  }

  observe(value: number): void {
    this.#count += 1;
    this.#sum += value;
    // NaN is counted, and lies in no bucket.
    if (Number.isNaN(value)) return;
    const size = Math.abs(value);
    if (size <= this.#zeroThreshold) {
      this.#zeroCount += 1;
      return;
    }
    const side = value > 0 ? this.#positive : this.#negative;
    const index = bucketIndex(this.#schema, size);
    side.set(index, (side.get(index) ?? 0) + 1);
    while (
      this.#positive.size + this.#negative.size > this.#maxBuckets &&
      this.#schema > MIN_EXPONENTIAL_SCHEMA
    )
      this.#halve();
  }

  snapshot(): NativeHistogram {
    const positive = spansOf(this.#positive);
    const negative = spansOf(this.#negative);
    return nativeHistogram({
      schema: this.#schema,
      zeroThreshold: this.#zeroThreshold,
      zeroCount: this.#zeroCount,
      count: this.#count,
      sum: this.#sum,
      positiveSpans: positive.spans,
      positiveBuckets: positive.buckets,
      negativeSpans: negative.spans,
      negativeBuckets: negative.buckets,
    });
  }

  /** Halves the resolution: buckets 2k−1 and 2k become bucket k of the next coarser schema. */
  #halve(): void {
    this.#schema -= 1;
    this.#positive = halved(this.#positive);
    this.#negative = halved(this.#negative);
  }
}

/** The coarsest schema whose bounds grow by at most `factor`. */
function schemaOf(factor: number): number {
  // Adding 0 turns −0 into 0.
  const exact = Math.ceil(-Math.log2(Math.log2(factor))) + 0;
  return Math.min(Math.max(exact, MIN_EXPONENTIAL_SCHEMA), MAX_EXPONENTIAL_SCHEMA);
}

function halved(buckets: ReadonlyMap<number, number>): Map<number, number> {
  const merged = new Map<number, number>();
  for (const [index, count] of buckets) {
    const target = Math.ceil(index / 2);
    merged.set(target, (merged.get(target) ?? 0) + count);
  }
  return merged;
}

// A gap this small costs less as empty buckets than as a span of its own.
const SMALL_GAP = 2;

function spansOf(counts: ReadonlyMap<number, number>): { spans: BucketSpan[]; buckets: number[] } {
  const spans: { offset: number; length: number }[] = [];
  const buckets: number[] = [];
  let next = 0;
  for (const [index, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    const gap = index - next;
    const last = spans.at(-1);
    if (last === undefined || gap > SMALL_GAP) {
      spans.push({ offset: gap, length: 1 });
    } else {
      for (let i = 0; i < gap; i++) buckets.push(0);
      last.length += gap + 1;
    }
    buckets.push(count);
    next = index + 1;
  }
  return { spans, buckets };
}
