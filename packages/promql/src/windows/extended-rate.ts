import type { CounterRemarks } from "./extrapolated-rate.ts";
import type { Window, WindowKernel } from "./window.ts";

/** The samples of an extended window: those inside, the last one before it, and, smoothed, the first one after it. */
export interface ExtendedBounds {
  first: number;
  last: number;
}

/** Finds the samples of an extended window; false when nothing lies inside it. */
export function extendedBounds(window: Window, smoothed: boolean, bounds: ExtendedBounds): boolean {
  const { timestamps, length, startMs, endMs, lookbackMs, from, to } = window;
  const before = from - 1;
  const hasBefore = before >= 0 && (timestamps[before] as number) > startMs - lookbackMs;
  bounds.first = hasBefore ? before : from;
  const reaches = to < length && (timestamps[to] as number) <= endMs + lookbackMs;
  const endsExactly = to > 0 && (timestamps[to - 1] as number) === endMs;
  bounds.last = smoothed && reaches && !endsExactly ? to : to - 1;
  if (bounds.first > bounds.last) return false;
  if ((timestamps[bounds.last] as number) <= startMs) return false;
  return (timestamps[bounds.first] as number) <= endMs;
}

/**
 * `rate`, `increase` and `delta` of an anchored or smoothed window. Anchored: from the last sample at or before its
 * start to the last one inside. Smoothed: between the values on the straight lines through its edges. Neither
 * extends beyond what was measured.
 */
export class ExtendedRate implements WindowKernel {
  readonly #smoothed: boolean;
  readonly #isCounter: boolean;
  readonly #isRate: boolean;
  readonly #remarks: CounterRemarks;
  readonly #bounds: ExtendedBounds = { first: 0, last: 0 };

  constructor(smoothed: boolean, isCounter: boolean, isRate: boolean, remarks: CounterRemarks) {
    this.#smoothed = smoothed;
    this.#isCounter = isCounter;
    this.#isRate = isRate;
    this.#remarks = remarks;
  }

  compute(window: Window): boolean {
    const bounds = this.#bounds;
    if (window.histograms.length > 0 && this.#refusesHistograms(window)) return false;
    if (!extendedBounds(window, this.#smoothed, bounds)) return false;
    const { values } = window;
    const left = this.#left(window);
    const right = this.#right(window);
    let result = right - left;
    if (this.#isCounter) {
      let previous = left;
      let correction = 0;
      for (let i = bounds.first + 1; i < bounds.last; i++) {
        const value = values[i] as number;
        if (value < previous) correction += previous;
        previous = value;
      }
      if (right < previous) correction += previous;
      result += correction;
    }
    window.result = this.#isRate ? result / (window.rangeMs / 1000) : result;
    return true;
  }

  /** Whether histograms are within reach of the window; what they grow by belongs to their arithmetic. */
  #refusesHistograms(window: Window): boolean {
    const { timestamps, length, from, to, startMs, endMs, lookbackMs, metricName } = window;
    const earliest = startMs - lookbackMs;
    const latest = this.#smoothed ? endMs + lookbackMs : endMs;
    if (!window.hasHistogramIn(earliest, latest)) return false;
    const before = from > 0 && (timestamps[from - 1] as number) > earliest;
    const after = to < length && (timestamps[to] as number) <= latest;
    if (to > from || before || after) this.#remarks.mixed(metricName);
    return true;
  }

  #left({ timestamps, values, startMs }: Window): number {
    const { first, last } = this.#bounds;
    const value = values[first] as number;
    if (!this.#smoothed || first === last || (timestamps[first] as number) >= startMs) return value;
    return this.#between(timestamps, values, first, startMs);
  }

  #right({ timestamps, values, endMs }: Window): number {
    const { first, last } = this.#bounds;
    const value = values[last] as number;
    if (!this.#smoothed || first === last || (timestamps[last] as number) <= endMs) return value;
    return this.#between(timestamps, values, last - 1, endMs);
  }

  /** The value at a time between samples i and i + 1; a counter that falls there began anew at zero. */
  #between(timestamps: Float64Array, values: Float64Array, i: number, time: number): number {
    const high = values[i + 1] as number;
    let low = values[i] as number;
    if (this.#isCounter && high < low) low = 0;
    const start = timestamps[i] as number;
    return low + ((high - low) * (time - start)) / ((timestamps[i + 1] as number) - start);
  }
}
