import { type ExtendedBounds, extendedBounds } from "./extended-rate.ts";
import { startsAnew } from "./extrapolated-rate.ts";
import type { Window, WindowKernel } from "./window.ts";

/** `changes` (how often the value changed) and `resets` (how often a counter began anew), anchored too. */
export class CountChanges implements WindowKernel {
  readonly takesHistograms = true;
  readonly #resetsOnly: boolean;
  readonly #anchored: boolean;
  readonly #bounds: ExtendedBounds = { first: 0, last: 0 };

  constructor(resetsOnly: boolean, anchored: boolean) {
    this.#resetsOnly = resetsOnly;
    this.#anchored = anchored;
  }

  compute(window: Window): boolean {
    let first = window.from;
    let last = window.to - 1;
    if (this.#anchored) {
      if (!extendedBounds(window, false, this.#bounds)) return false;
      ({ first, last } = this.#bounds);
    }
    // What histograms among them mean belongs to the arithmetic of histograms.
    if (last < first) return false;
    window.result = this.#resetsOnly ? resets(window, first, last) : changes(window, first, last);
    return true;
  }
}

function resets({ timestamps, values, startTimestamps }: Window, first: number, last: number) {
  let count = 0;
  for (let i = first + 1; i <= last; i++) {
    const fell = (values[i] as number) < (values[i - 1] as number);
    if (fell || (startTimestamps !== undefined && startsAnew(timestamps, startTimestamps, i)))
      count++;
  }
  return count;
}

function changes({ values }: Window, first: number, last: number): number {
  let count = 0;
  for (let i = first + 1; i <= last; i++) {
    const value = values[i] as number;
    const before = values[i - 1] as number;
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) count++;
  }
  return count;
}
