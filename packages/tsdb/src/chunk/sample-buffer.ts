import type { SampleTarget } from "./sample-target.ts";

const FIRST_CAPACITY = 256;

/** Columns that grow as samples are decoded into them. To be used again, set `length` to 0. */
export class SampleBuffer implements SampleTarget {
  length = 0;
  timestamps: Float64Array = new Float64Array(FIRST_CAPACITY);
  values: Float64Array = new Float64Array(FIRST_CAPACITY);

  reserve(count: number): void {
    if (count <= this.timestamps.length) return;
    const capacity = Math.max(count, 2 * this.timestamps.length);
    this.timestamps = grown(this.timestamps, capacity);
    this.values = grown(this.values, capacity);
  }

  /** The samples as pairs of timestamp and value. */
  pairs(): [timestamp: number, value: number][] {
    return Array.from({ length: this.length }, (_, i) => [
      this.timestamps[i] as number,
      this.values[i] as number,
    ]);
  }
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
