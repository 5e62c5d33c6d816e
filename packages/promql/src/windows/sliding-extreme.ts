import type { Window, WindowKernel } from "./window.ts";

/**
 * `max_over_time` and `min_over_time`, which give NaN only where there is nothing else, and `ts_of_max_over_time` and
 * `ts_of_min_over_time`: the time of the latest of the extreme samples, in seconds.
 *
 * Keeps the samples that may still become the extreme while the window slides, so that each is looked at once,
 * however long the window is (D. Lemire, "Streaming maximum-minimum filter", 2006):
 *
 * ```
 * values      5  2  9  4  7  3     the greatest of them
 * candidates        9     7  3     each is greater than all behind it
 * ```
 */
export class SlidingExtreme implements WindowKernel {
  /** 1 for the greatest, −1 for the least: by it values are multiplied, which loses nothing. */
  readonly #sign: 1 | -1;
  readonly #asTime: boolean;
  /** Positions of the candidates, ascending: those from `#first` to before `#end`. */
  #candidates: Int32Array = new Int32Array(64);
  #first = 0;
  #end = 0;
  /** The first sample that has not been looked at. */
  #next = 0;

  constructor(extreme: "greatest" | "least", asTime: boolean) {
    this.#sign = extreme === "greatest" ? 1 : -1;
    this.#asTime = asTime;
  }

  begin({ length }: Window): void {
    this.#first = 0;
    this.#end = 0;
    this.#next = 0;
    if (this.#candidates.length < length) this.#candidates = new Int32Array(2 * length);
  }

  cost(): number {
    return 6;
  }

  compute(window: Window): boolean {
    const { values, timestamps, from, to } = window;
    if (from === to) return false;
    this.#lookAt(values, Math.max(this.#next, from), to);
    const candidates = this.#candidates;
    while (this.#first < this.#end && (candidates[this.#first] as number) < from) this.#first++;
    // Without a candidate all samples are NaN.
    const at = this.#first < this.#end ? (candidates[this.#first] as number) : to - 1;
    window.result = this.#asTime ? (timestamps[at] as number) / 1000 : (values[at] as number);
    return true;
  }

  #lookAt(values: Float64Array, from: number, to: number): void {
    const candidates = this.#candidates;
    const sign = this.#sign;
    const first = this.#first;
    let end = this.#end;
    for (let i = from; i < to; i++) {
      const value = sign * (values[i] as number);
      if (Number.isNaN(value)) continue;
      while (end > first) {
        const last = sign * (values[candidates[end - 1] as number] as number);
        // Of equal ones the first gives the value (which of −0 and 0 it is), the last the time.
        if (last > value || (last === value && !this.#asTime)) break;
        end--;
      }
      candidates[end++] = i;
    }
    this.#end = end;
    this.#next = to;
  }
}
