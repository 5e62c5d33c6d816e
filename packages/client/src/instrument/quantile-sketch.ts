/**
 * A sketch of a distribution whose quantiles are right to a relative error: DDSketch (Masson, Rim, Lee,
 * VLDB 2019). Values are counted in buckets that grow by a constant factor; sketches can be added up.
 *
 * Memory is bounded: with more than `MAX_BUCKETS` in use the smallest values share one bucket.
 */
export class QuantileSketch {
  readonly #accuracy: number;
  readonly #logGamma: number;
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();
  #zeros = 0;
  #count = 0;

  /** `accuracy` is the relative error of a quantile, such as 0.01. */
  constructor(accuracy: number) {
    this.#accuracy = accuracy;
    this.#logGamma = Math.log((1 + accuracy) / (1 - accuracy));
  }

  get count(): number {
    return this.#count;
  }

  /** Counts a value; NaN is left out. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#count += 1;
    if (value === 0) {
      this.#zeros += 1;
      return;
    }
    const side = value > 0 ? this.#positive : this.#negative;
    // Infinities take the bucket of the largest number.
    const size = Math.min(Math.abs(value), Number.MAX_VALUE);
    addTo(side, Math.ceil(Math.log(size) / this.#logGamma), 1);
    if (side.size > MAX_BUCKETS) collapseSmallest(side);
  }

  /** Adds what another sketch of the same accuracy counted. */
  merge(other: QuantileSketch): void {
    for (const [index, count] of other.#positive) addTo(this.#positive, index, count);
    for (const [index, count] of other.#negative) addTo(this.#negative, index, count);
    this.#zeros += other.#zeros;
    this.#count += other.#count;
  }

  /** Estimates several quantiles (each 0 … 1) in one pass; NaN without values. */
  quantiles(wanted: readonly number[]): number[] {
    if (this.#count === 0) return wanted.map(() => Number.NaN);
    const ordered = this.#ordered();
    return wanted.map((quantile) => {
      const rank = quantile * (this.#count - 1);
      let seen = 0;
      for (const [value, count] of ordered) {
        seen += count;
        if (seen > rank) return value;
      }
      return ordered.at(-1)?.[0] ?? Number.NaN;
    });
  }

  /** Values with their counts, ascending. */
  #ordered(): (readonly [value: number, count: number])[] {
    const byIndex = (buckets: ReadonlyMap<number, number>) =>
      [...buckets].sort((a, b) => a[0] - b[0]);
    return [
      ...byIndex(this.#negative)
        .reverse()
        .map(([index, count]) => [-this.#middle(index), count] as const),
      ...(this.#zeros > 0 ? [[0, this.#zeros] as const] : []),
      ...byIndex(this.#positive).map(([index, count]) => [this.#middle(index), count] as const),
    ];
  }

  /** The value within a bucket that is at most `accuracy` away from both its bounds. */
  #middle(index: number): number {
    return Math.exp(index * this.#logGamma) * (1 - this.#accuracy);
  }
}

// 2,048 buckets at 1 % span 17 powers of ten.
const MAX_BUCKETS = 2048;

function addTo(buckets: Map<number, number>, index: number, count: number): void {
  buckets.set(index, (buckets.get(index) ?? 0) + count);
}

/** Puts the smallest eighth into one bucket, so that the sorting is paid for by many values. */
function collapseSmallest(buckets: Map<number, number>): void {
  const indexes = [...buckets.keys()].sort((a, b) => a - b);
  const target = indexes[MAX_BUCKETS / 8] as number;
  for (const index of indexes.slice(0, MAX_BUCKETS / 8)) {
    addTo(buckets, target, buckets.get(index) ?? 0);
    buckets.delete(index);
  }
}
