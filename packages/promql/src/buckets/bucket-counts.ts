/** Where counts fell from one bucket to the next, and by how much at most. */
export interface ForcedMonotonicity {
  minBound: number;
  maxBound: number;
  maxDifference: number;
}

/**
 * The buckets of one classic histogram at one step: upper bounds in ascending order, and for each how many
 * observations are not above it. One object serves all steps.
 *
 * ```
 * bounds   [ 0.1, 0.5,   1, +Inf ]
 * counts   [   2,   5,   9,   10 ]   cumulative
 * ```
 * Only the first `length` elements count.
 */
export class BucketCounts {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  length = 0;
  /** What had to be corrected for the result that was computed last, if anything had. */
  forced: ForcedMonotonicity | undefined;

  constructor(capacity: number) {
    this.bounds = new Float64Array(capacity);
    this.counts = new Float64Array(capacity);
  }

  clear(): void {
    this.length = 0;
    this.forced = undefined;
  }

  /** Adds a bucket whose bound is not below the last one. Buckets of one bound (1 and 1.0) become one. */
  push(bound: number, count: number): void {
    const last = this.length - 1;
    if (last >= 0 && this.bounds[last] === bound) {
      this.counts[last] = (this.counts[last] as number) + count;
      return;
    }
    this.bounds[this.length] = bound;
    this.counts[this.length] = count;
    this.length++;
  }

  /** Whether the last bucket holds all observations, as it must. */
  get isComplete(): boolean {
    return this.length > 0 && this.bounds[this.length - 1] === Infinity;
  }

  /** The number of observations in all. */
  get total(): number {
    return this.counts[this.length - 1] as number;
  }
}
