import type { Window, WindowKernel } from "./window.ts";

/** What a kernel has to say about a window, or a series; the text is made by who knows the place. */
export interface CounterRemarks {
  /** Floats and histograms in one window. */
  mixed(metricName: string): void;
}

/**
 * `rate`, `increase` and `delta`: the growth between the first and the last sample, extended to the edges of the
 * window where the samples come near them. In Prometheus' order of operations, so that the digits are its.
 *
 * Where a counter fell it began anew at zero, so what it had before is added. Falls are looked for once a series; a
 * window then adds those within it, in their order.
 */
export class ExtrapolatedRate implements WindowKernel {
  readonly takesHistograms = true;
  readonly #isCounter: boolean;
  readonly #isRate: boolean;
  readonly #remarks: CounterRemarks;
  /** The samples before which the counter began anew, ascending. */
  #resets: Int32Array = new Int32Array(16);
  #resetCount = 0;
  /** The first reset that is not before the window. */
  #next = 0;

  constructor(isCounter: boolean, isRate: boolean, remarks: CounterRemarks) {
    this.#isCounter = isCounter;
    this.#isRate = isRate;
    this.#remarks = remarks;
  }

  begin({ values, timestamps, startTimestamps, length }: Window): void {
    this.#resetCount = 0;
    this.#next = 0;
    if (!this.#isCounter) return;
    for (let i = 1; i < length; i++) {
      const fell = (values[i] as number) < (values[i - 1] as number);
      if (fell || (startTimestamps !== undefined && startsAnew(timestamps, startTimestamps, i)))
        this.#addReset(i);
    }
  }

  cost(): number {
    return 3;
  }

  compute(window: Window): boolean {
    const { timestamps, values, from, to } = window;
    if (window.histogramCount > 0) {
      if (to > from) this.#remarks.mixed(window.metricName);
      return false;
    }
    const first = values[from] as number;
    const begins = this.#isCounter && startsInside(window);
    const samples = to - from + (begins ? 1 : 0);
    if (samples < 2) return false;
    const last = values[to - 1] as number;
    let result = last - (begins ? 0 : first);
    if (this.#isCounter) {
      const resets = this.#resets;
      while (this.#next < this.#resetCount && (resets[this.#next] as number) <= from) this.#next++;
      for (let r = this.#next; r < this.#resetCount; r++) {
        const i = resets[r] as number;
        if (i >= to) break;
        result += values[i - 1] as number;
      }
    }
    const firstMs = begins
      ? (window.startTimestamps?.[from] as number)
      : (timestamps[from] as number);
    const lastMs = timestamps[to - 1] as number;
    const firstValue = begins ? 0 : first;
    window.result = result * this.#factor(window, result, firstValue, firstMs, lastMs, samples - 1);
    return true;
  }

  /** By how much the growth between the samples is to be multiplied. */
  #factor(
    { startMs, endMs, rangeMs }: Window,
    result: number,
    firstValue: number,
    firstMs: number,
    lastMs: number,
    gaps: number,
  ): number {
    let toStart = (firstMs - startMs) / 1000;
    let toEnd = (endMs - lastMs) / 1000;
    const sampled = (lastMs - firstMs) / 1000;
    const average = sampled / gaps;
    // A sample that was due before the edge and is missing says that the series ends inside.
    const threshold = average * 1.1;
    if (toStart >= threshold) toStart = average / 2;
    if (this.#isCounter) {
      let toZero = toStart;
      // A counter cannot have been below zero: it is not extended beyond where it would have been there.
      if (result > 0 && firstValue >= 0) toZero = sampled * (firstValue / result);
      if (toZero < toStart) toStart = toZero;
    }
    if (toEnd >= threshold) toEnd = average / 2;
    const factor = (sampled + toStart + toEnd) / sampled;
    return this.#isRate ? factor / (rangeMs / 1000) : factor;
  }

  #addReset(i: number): void {
    if (this.#resetCount === this.#resets.length) {
      const larger = new Int32Array(2 * this.#resetCount);
      larger.set(this.#resets);
      this.#resets = larger;
    }
    this.#resets[this.#resetCount++] = i;
  }
}

/**
 * Whether the counter began anew between sample i and the one before it, by their start timestamps: after the one
 * before, or just then, where that one had a start of its own. (A stream whose start nobody knows is given the time of
 * its first sample as the start of all: no reset. Source: OpenTelemetry's data model of metrics.)
 */
export function startsAnew(
  timestamps: Float64Array,
  startTimestamps: Float64Array,
  i: number,
): boolean {
  const start = startTimestamps[i] as number;
  const before = timestamps[i - 1] as number;
  if (start === 0 || start < before || start >= (timestamps[i] as number)) return false;
  const startBefore = startTimestamps[i - 1] as number;
  return start > before || (startBefore !== 0 && startBefore < before);
}

/** Whether the counter behind the window's first sample began inside the window: at zero, at a known time. */
function startsInside({ timestamps, startTimestamps, from, to, startMs }: Window): boolean {
  if (startTimestamps === undefined || from === to) return false;
  const start = startTimestamps[from] as number;
  return start !== 0 && start > startMs && start < (timestamps[from] as number);
}
