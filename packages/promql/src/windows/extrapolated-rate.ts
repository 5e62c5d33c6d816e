import { type Column, FLOAT } from "../eval/column.ts";
import type { Window, WindowKernel } from "./window.ts";

/** What a kernel has to say about a window, or a series; the text is made by who knows the place. */
export interface CounterRemarks {
  /** Floats and histograms in one window. */
  mixed(metricName: string): void;
  /** A sample of a counter that began, by its start timestamp, before the sample before it. */
  overlappingStarts(metricName: string): void;
}

/**
 * `rate`, `increase` and `delta`: the growth between the first and the last sample, extended to the edges of the
 * window where the samples come near them. In Prometheus' order of operations, so that the digits are its.
 *
 * Where a counter fell it began anew at zero, so what it had before is added. Falls are looked for once a series; a
 * window then adds those within it, in their order.
 */
export class ExtrapolatedRate implements WindowKernel {
  readonly #isCounter: boolean;
  readonly #isRate: boolean;
  readonly #remarks: CounterRemarks;
  /** The samples before which the counter began anew, ascending. */
  #resets: Int32Array = new Int32Array(16);
  #resetCount = 0;
  /** The first reset that is not before the window. */
  #next = 0;
  /** The samples whose counters overlap, ascending; they are few. */
  #overlaps: number[] = [];

  constructor(isCounter: boolean, isRate: boolean, remarks: CounterRemarks) {
    this.#isCounter = isCounter;
    this.#isRate = isRate;
    this.#remarks = remarks;
  }

  begin({ values, timestamps, startTimestamps, length }: Window): void {
    this.#resetCount = 0;
    this.#next = 0;
    this.#overlaps = [];
    if (!this.#isCounter) return;
    for (let i = 1; i < length; i++) {
      const fell = (values[i] as number) < (values[i - 1] as number);
      if (fell || (startTimestamps !== undefined && startsAnew(timestamps, startTimestamps, i)))
        this.#addReset(i);
      if (startTimestamps !== undefined && overlaps(timestamps, startTimestamps, i))
        this.#overlaps.push(i);
    }
  }

  cost(): number {
    return 3;
  }

  compute(window: Window): boolean {
    const { timestamps, values, from, to } = window;
    const first = values[from] as number;
    const last = values[to - 1] as number;
    const firstMs = timestamps[from] as number;
    const lastMs = timestamps[to - 1] as number;
    const gaps = to - 1 - from;
    let result = last - first;
    if (this.#isCounter) result = this.#withResets(result, window);
    let sampled = (lastMs - firstMs) / 1000;
    const average = gaps > 0 ? sampled / gaps : 0;
    let toStart = 0;
    const begin = this.#isCounter ? startInside(window) : 0;
    if (begin !== 0) {
      // At its start the counter was zero: nothing is to be extended there.
      sampled = (lastMs - begin) / 1000;
      result += first;
    } else {
      if (gaps === 0) return false;
      toStart = toEdge((firstMs - window.startMs) / 1000, average);
      if (this.#isCounter) toStart = notBelowZero(toStart, sampled, first, result);
    }
    const toEnd = toEdge((window.endMs - lastMs) / 1000, average);
    let factor = (sampled + toStart + toEnd) / sampled;
    if (this.#isRate) factor /= window.rangeMs / 1000;
    window.result = result * factor;
    return true;
  }

  /** As `compute`, without anything else between the windows: it is what most queries spend their time with. */
  computeAll(window: Window, ends: Float64Array, { present, values: results }: Column): void {
    const { timestamps, values, length, rangeMs } = window;
    const isCounter = this.#isCounter;
    const hasResets = this.#resetCount > 0;
    const perSeconds = this.#isRate ? rangeMs / 1000 : 1;
    let from = 0;
    let to = 0;
    for (let k = 0; k < ends.length; k++) {
      const endMs = ends[k] as number;
      const startMs = endMs - rangeMs;
      while (to < length && (timestamps[to] as number) <= endMs) to++;
      while (from < to && (timestamps[from] as number) <= startMs) from++;
      const gaps = to - 1 - from;
      if (gaps < 1) continue;
      const first = values[from] as number;
      const firstMs = timestamps[from] as number;
      const lastMs = timestamps[to - 1] as number;
      let result = (values[to - 1] as number) - first;
      if (hasResets) {
        window.from = from;
        window.to = to;
        result = this.#withResets(result, window);
      }
      const sampled = (lastMs - firstMs) / 1000;
      const average = sampled / gaps;
      let toStart = toEdge((firstMs - startMs) / 1000, average);
      if (isCounter) toStart = notBelowZero(toStart, sampled, first, result);
      const toEnd = toEdge((endMs - lastMs) / 1000, average);
      present[k] = FLOAT;
      results[k] = result * ((sampled + toStart + toEnd) / sampled / perSeconds);
    }
  }

  /** The growth between the ends of the window, and what was lost at each reset within. */
  #withResets(growth: number, { values, from, to, metricName }: Window): number {
    const resets = this.#resets;
    const count = this.#resetCount;
    let next = this.#next;
    while (next < count && (resets[next] as number) <= from) next++;
    this.#next = next;
    let result = growth;
    for (; next < count && (resets[next] as number) < to; next++)
      result += values[(resets[next] as number) - 1] as number;
    if (this.#overlaps.length > 0 && this.#overlaps.some((i) => i > from && i < to))
      this.#remarks.overlappingStarts(metricName);
    return result;
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
 * How far the growth is extended towards an edge, in seconds. A sample that was due before the edge and is missing
 * says that the series ends inside.
 */
function toEdge(distance: number, average: number): number {
  return distance >= average * 1.1 ? average / 2 : distance;
}

/** A counter cannot have been below zero: it is not extended beyond where it would have been there. */
function notBelowZero(toStart: number, sampled: number, first: number, growth: number): number {
  if (!(growth > 0 && first >= 0)) return toStart;
  const toZero = sampled * (first / growth);
  return toZero < toStart ? toZero : toStart;
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

/**
 * Whether the counter of sample i began before the sample before it and yet is another one: two sources write the
 * series, or their clocks differ.
 */
function overlaps(timestamps: Float64Array, startTimestamps: Float64Array, i: number): boolean {
  const start = startTimestamps[i] as number;
  const before = timestamps[i - 1] as number;
  return start !== 0 && start < before && start !== (startTimestamps[i - 1] as number);
}

/** When the counter of the window's first sample began, in ms, if inside the window; else 0. */
function startInside({ timestamps, startTimestamps, from, startMs }: Window): number {
  if (startTimestamps === undefined) return 0;
  const start = startTimestamps[from] as number;
  return start > startMs && start < (timestamps[from] as number) ? start : 0;
}
