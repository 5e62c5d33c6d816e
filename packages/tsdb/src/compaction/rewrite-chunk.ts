import type { EncodedChunk } from "../block/block-writer.ts";
import { XOR_ENCODING } from "../chunk/encodings.ts";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import { dropIntervals, type Interval, keepInterval } from "../chunk/trim.ts";
import { XorChunk } from "../chunk/xor-chunk.ts";
import { decodeXor } from "../chunk/xor-decode.ts";

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
  const samples = new SampleBuffer();
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
