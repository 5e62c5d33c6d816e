import {
  isStaleMarker,
  type Labels,
  type NativeHistogram,
  type Sample,
  type SampleValue,
  writeStaleMarker,
} from "@linklight/model";
import { AppendError } from "./append-error.ts";
import type { ReadableSeries } from "./queryable.ts";
import { SampleColumns } from "./sample-columns.ts";

/** One series of a {@link MemoryStorage}: its samples in columns that only grow at the end. */
export class MemorySeries implements ReadableSeries {
  readonly labels: Labels;
  /** The timestamps of the first and the last sample, at hand for whoever looks at very many series. */
  minTime: number = Number.POSITIVE_INFINITY;
  maxTime: number = Number.NEGATIVE_INFINITY;
  readonly #samples = new SampleColumns(16);

  constructor(labels: Labels) {
    this.labels = labels;
  }

  /**
   * Adds a sample behind the last. The last one once more is left out; an earlier timestamp, and another value
   * at the last one, throw AppendError.
   */
  append({ timestamp, value, startTimestamp = 0 }: Sample): void {
    if (!Number.isSafeInteger(timestamp))
      throw new RangeError(
        `timestamp must be a whole number of milliseconds, got ${timestamp} for ${this.labels}`,
      );
    if (timestamp < this.maxTime)
      throw new AppendError(
        "LINKLIGHT_OUT_OF_ORDER_SAMPLE",
        `out of order sample: ${this.labels} has a sample at ${this.maxTime} ms, the new one is at ${timestamp} ms`,
      );
    if (timestamp === this.maxTime) {
      this.#requireSame(value);
      return;
    }
    const samples = this.#samples;
    const i = samples.length;
    if (i === 0) this.minTime = timestamp;
    this.maxTime = timestamp;
    if (typeof value === "number") {
      samples.pushFloat(timestamp, value);
      // Going through variables may have turned the marker into a quiet NaN.
      if (isStaleMarker(value)) writeStaleMarker(samples.values, i);
    } else {
      samples.pushHistogram(timestamp, value);
    }
    if (startTimestamp !== 0) samples.setStartTimestamp(i, startTimestamp);
  }

  #requireSame(value: SampleValue): void {
    const { length, values, histograms } = this.#samples;
    const existing = histograms?.[length - 1] ?? (values[length - 1] as number);
    if (isSameValue(existing, value)) return;
    throw new AppendError(
      "LINKLIGHT_DUPLICATE_SAMPLE",
      `duplicate sample for timestamp: ${this.labels} has ${describe(existing)} at ${this.maxTime} ms, the new value is ${describe(value)}`,
    );
  }

  read(into: SampleColumns, minTime: number, maxTime: number): void {
    const { length, timestamps, values, histograms, startTimestamps } = this.#samples;
    const first = firstAtOrAfter(timestamps, length, minTime);
    const end = firstAtOrAfter(timestamps, length, maxTime + 1);
    if (first >= end) return;
    const at = into.length;
    into.reserve(at + end - first);
    // Typed arrays copy bits, so that staleness markers stay what they are.
    into.timestamps.set(timestamps.subarray(first, end), at);
    into.values.set(values.subarray(first, end), at);
    into.length = at + end - first;
    if (histograms !== undefined) copyHistograms(histograms, first, end, into, at);
    if (startTimestamps === undefined) return;
    for (let i = first; i < end; i++)
      if (startTimestamps[i] !== 0)
        into.setStartTimestamp(at + i - first, startTimestamps[i] as number);
  }
}

function copyHistograms(
  histograms: readonly (NativeHistogram | undefined)[],
  first: number,
  end: number,
  into: SampleColumns,
  at: number,
): void {
  for (let i = first; i < end; i++) {
    const histogram = histograms[i];
    if (histogram === undefined) continue;
    into.histograms ??= [];
    into.histograms[at + i - first] = histogram;
  }
}

/** The index of the first of `length` ascending timestamps that is not before `time`. */
function firstAtOrAfter(timestamps: Float64Array, length: number, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timestamps[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSameValue(a: SampleValue, b: SampleValue): boolean {
  if (typeof a === "number" || typeof b === "number")
    return Object.is(a, b) && isStaleMarker(a as number) === isStaleMarker(b as number);
  return JSON.stringify(a) === JSON.stringify(b);
}

function describe(value: SampleValue): string {
  if (typeof value !== "number") return `a histogram of count ${value.count} and sum ${value.sum}`;
  return isStaleMarker(value) ? "a staleness marker" : `${value}`;
}
