import type { SampleEntries } from "../wal/records.ts";

const FIRST_CAPACITY = 256;

/** Samples of an appender that waits for its commit, in columns that grow. */
export class SampleBatch implements SampleEntries {
  length = 0;
  refs: Float64Array = new Float64Array(FIRST_CAPACITY);
  timestamps: Float64Array = new Float64Array(FIRST_CAPACITY);
  values: Float64Array = new Float64Array(FIRST_CAPACITY);

  push(ref: number, timestamp: number, value: number): void {
    if (this.length === this.refs.length) this.#grow();
    const i = this.length++;
    this.refs[i] = ref;
    this.timestamps[i] = timestamp;
    this.values[i] = value;
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    this.refs = doubled(this.refs);
    this.timestamps = doubled(this.timestamps);
    this.values = doubled(this.values);
  }
}

function doubled(column: Float64Array): Float64Array {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
