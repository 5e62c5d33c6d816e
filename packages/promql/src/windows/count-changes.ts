import { type ExtendedBounds, extendedBounds } from "./extended-rate.ts";
import { startsAnew } from "./extrapolated-rate.ts";
import type { Window, WindowKernel } from "./window.ts";

/**
 * `changes` (how often the value changed) and `resets` (how often a counter began anew), anchored too. They are counted
 * once a series; a window then subtracts the counts at its ends.
 */
export class CountChanges implements WindowKernel {
  readonly takesHistograms = true;
  readonly #resetsOnly: boolean;
  readonly #anchored: boolean;
  readonly #bounds: ExtendedBounds = { first: 0, last: 0 };
  /** Element i: how many changes are between samples 0 and i. */
  #counts: Int32Array = new Int32Array(64);

  constructor(resetsOnly: boolean, anchored: boolean) {
    this.#resetsOnly = resetsOnly;
    this.#anchored = anchored;
  }

  begin(window: Window): void {
    if (this.#counts.length < window.length) this.#counts = new Int32Array(2 * window.length);
    if (this.#resetsOnly) countResets(window, this.#counts);
    else countChanges(window, this.#counts);
  }

  cost(): number {
    return 3;
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
    window.result = (this.#counts[last] as number) - (this.#counts[first] as number);
    return true;
  }
}

function countResets(
  { timestamps, values, startTimestamps, length }: Window,
  counts: Int32Array,
): void {
  let count = 0;
  for (let i = 0; i < length; i++) {
    const isReset =
      i > 0 &&
      ((values[i] as number) < (values[i - 1] as number) ||
        (startTimestamps !== undefined && startsAnew(timestamps, startTimestamps, i)));
    if (isReset) count++;
    counts[i] = count;
  }
}

function countChanges({ values, length }: Window, counts: Int32Array): void {
  let count = 0;
  let before = values[0] as number;
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) count++;
    counts[i] = count;
    before = value;
  }
}
