import type { EncodedChunk } from "../block/block-writer.ts";
import { XOR_ENCODING } from "../chunk/encodings.ts";
import type { SampleTarget } from "../chunk/sample-target.ts";
import { dropIntervals, type Interval, keepInterval } from "../chunk/trim.ts";
import { XorChunk } from "../chunk/xor-chunk.ts";
import { decodeXor } from "../chunk/xor-decode.ts";

/** The largest number of samples that a chunk's header can say. */
const MOST_SAMPLES = 65_535;

/**
 * An XOR chunk without what lies outside an interval and without what is deleted; nothing when nothing is left.
 * `bytes` holds the chunk from `start` on, with slack behind it.
 */
export function rewriteChunk(
  bytes: Uint8Array,
  length: number,
  keep: Interval,
  deleted: readonly Interval[],
  start = 0,
): EncodedChunk | undefined {
  const samples = new Columns();
  decodeXor(bytes, start, length, samples);
  keepInterval(samples, 0, keep);
  dropIntervals(samples, 0, deleted);
  if (samples.length === 0) return undefined;
  const chunk = new XorChunk();
  for (let i = 0; i < samples.length; i++)
    chunk.append(samples.timestamps[i] as number, samples.values[i] as number);
  const { minTime, maxTime, count } = chunk;
  return { minTime, maxTime, encoding: XOR_ENCODING, data: chunk.bytes(), samples: count };
}

class Columns implements SampleTarget {
  length = 0;
  timestamps: Float64Array = new Float64Array(256);
  values: Float64Array = new Float64Array(256);

  reserve(count: number): void {
    if (count <= this.timestamps.length) return;
    // Once at most: a chunk is decoded in one go.
    const capacity = Math.min(MOST_SAMPLES, Math.max(count, 256));
    this.timestamps = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
  }
}
