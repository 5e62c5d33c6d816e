import type { NativeHistogram } from "@linklight/model";

/**
 * The samples of one series in columns, ascending in time: element i of each column belongs to sample i.
 *
 * ```
 * timestamps       [ 0, 15000, 30000, … ]   ms, whole numbers
 * values           [ 1,     2,   NaN, … ]   floats, staleness markers by their bits; NaN where a histogram stands
 * histograms       [  ,      ,     H, … ]   only where the series has any
 * startTimestamps  [ 0,     0,     0, … ]   ms, 0 where unknown; only where the storage knows any
 * ```
 * Only the first `length` elements count: the columns grow and are used again for the next series.
 */
export class SampleColumns {
  length = 0;
  timestamps: Float64Array;
  values: Float64Array;
  histograms: (NativeHistogram | undefined)[] | undefined;
  startTimestamps: Float64Array | undefined;

  constructor(capacity = 512) {
    this.timestamps = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
  }

  /** Forgets all samples and keeps the memory. */
  clear(): void {
    this.length = 0;
    this.histograms = undefined;
    this.startTimestamps = undefined;
  }

  /** Makes room for `count` samples in all, keeping those that are there. */
  reserve(count: number): void {
    if (count <= this.timestamps.length) return;
    const capacity = Math.max(count, 2 * this.timestamps.length);
    this.timestamps = grown(this.timestamps, capacity);
    this.values = grown(this.values, capacity);
    if (this.startTimestamps !== undefined)
      this.startTimestamps = grown(this.startTimestamps, capacity);
  }

  /** Adds a float; its timestamp must be above the last one. */
  pushFloat(timestamp: number, value: number): void {
    this.reserve(this.length + 1);
    this.timestamps[this.length] = timestamp;
    this.values[this.length] = value;
    this.length++;
  }

  /** Adds a native histogram; its timestamp must be above the last one. */
  pushHistogram(timestamp: number, histogram: NativeHistogram): void {
    this.histograms ??= [];
    this.histograms[this.length] = histogram;
    this.pushFloat(timestamp, Number.NaN);
  }

  /** Says when the counter behind sample i last began at zero, in ms. */
  setStartTimestamp(i: number, startTimestamp: number): void {
    this.startTimestamps ??= new Float64Array(this.timestamps.length);
    this.startTimestamps[i] = startTimestamp;
  }
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
