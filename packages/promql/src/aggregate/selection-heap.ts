/**
 * A heap of the chosen samples of a group for each step, least value on top: what `topk` keeps.
 *
 * ```
 * values   [ 7, 9, 8, ‑ | 3, 5, ‑, ‑ | … ]    `capacity` places a step
 * series   [ 2, 0, 5, ‑ | 4, 1, ‑, ‑ | … ]
 * lengths  [ 3          , 2            … ]
 * ```
 * Its moves are those of Go's container/heap with Prometheus' order, in which NaN is less than everything, itself
 * included: which of equal samples are kept, and in what order, depends on them.
 */
export class SelectionHeap {
  readonly capacity: number;
  readonly lengths: Int32Array;
  readonly values: Float64Array;
  readonly series: Int32Array;

  constructor(steps: number, capacity: number) {
    this.capacity = capacity;
    this.lengths = new Int32Array(steps);
    this.values = new Float64Array(steps * capacity);
    this.series = new Int32Array(steps * capacity);
  }

  /** Adds a sample to step k, which has a place for it. */
  push(k: number, value: number, series: number): void {
    const base = k * this.capacity;
    const at = this.lengths[k] as number;
    this.values[base + at] = value;
    this.series[base + at] = series;
    this.lengths[k] = at + 1;
    this.#up(base, at);
  }

  /** Puts a sample in the place of the least of step k if it is greater, or a number where that is none. */
  replaceLeast(k: number, value: number, series: number): void {
    const base = k * this.capacity;
    const least = this.values[base] as number;
    if (!(least < value || (Number.isNaN(least) && !Number.isNaN(value)))) return;
    this.values[base] = value;
    this.series[base] = series;
    this.#down(base, this.lengths[k] as number);
  }

  #up(base: number, from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#less(base + i, base + parent)) return;
      this.#swap(base + i, base + parent);
      i = parent;
    }
  }

  #down(base: number, length: number): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#less(base + child + 1, base + child)) child++;
      if (!this.#less(base + child, base + i)) return;
      this.#swap(base + child, base + i);
      i = child;
    }
  }

  #less(a: number, b: number): boolean {
    const value = this.values[a] as number;
    return Number.isNaN(value) || value < (this.values[b] as number);
  }

  #swap(a: number, b: number): void {
    const value = this.values[a] as number;
    this.values[a] = this.values[b] as number;
    this.values[b] = value;
    const series = this.series[a] as number;
    this.series[a] = this.series[b] as number;
    this.series[b] = series;
  }
}
