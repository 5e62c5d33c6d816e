import { ulid } from "ulid";
import type { BlockMeta } from "../block/block-meta.ts";
import { BlockWriter, type EncodedChunk, type NewBlock } from "../block/block-writer.ts";
import { XOR_ENCODING } from "../chunk/encodings.ts";
import type { Head } from "../head/head.ts";
import type { MemorySeries } from "../head/memory-series.ts";
import type { Pause } from "../turns/pause.ts";
import { rewriteChunk } from "./rewrite-chunk.ts";

/**
 * Makes a block of the head's samples from `minTime` up to, and without, `maxTime`, which is the end of a range of the
 * head. Returns nothing when there are none. The head is not changed, and may take samples meanwhile.
 */
export async function writeHeadBlock(
  parent: string,
  head: Head,
  minTime: number,
  maxTime: number,
  pause: Pause,
): Promise<BlockMeta | undefined> {
  const series = head.allSeries();
  const id = ulid();
  const block: NewBlock = {
    ulid: id,
    minTime,
    maxTime,
    compaction: { level: 1, sources: [id] },
    symbols: symbolsOf(series, minTime, maxTime - 1),
  };
  const writer = await BlockWriter.begin(parent, block, pause);
  try {
    for (const one of series) {
      if (pause.isDue()) await pause.take();
      if (!one.overlaps(minTime, maxTime - 1)) continue;
      const chunks = chunksOf(head, one, minTime, maxTime);
      if (chunks.length > 0) writer.add(one.labels, chunks);
    }
    if (writer.samples === 0) {
      await writer.abandon();
      return undefined;
    }
    return await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function chunksOf(
  head: Head,
  series: MemorySeries,
  minTime: number,
  maxTime: number,
): EncodedChunk[] {
  // Chunks end with their range, so one that began in it takes no more samples.
  if (series.opensBefore(maxTime)) series.closeChunk();
  const range = { minTime, maxTime: maxTime - 1 };
  const deleted = head.tombstones.of(series.slot);
  const chunks: EncodedChunk[] = [];
  for (const closed of series.closedChunks(range)) {
    const { bytes, start, length, count: samples } = closed;
    const data = bytes.subarray(start, start + length);
    const times = { minTime: closed.minTime, maxTime: closed.maxTime };
    const whole = { ...times, encoding: XOR_ENCODING, data, samples };
    const touched =
      closed.minTime < minTime ||
      closed.maxTime >= maxTime ||
      deleted.some((one) => one.minTime <= closed.maxTime && one.maxTime >= closed.minTime);
    const kept = touched ? rewriteChunk(bytes, length, range, deleted, start) : whole;
    if (kept !== undefined) chunks.push(kept);
  }
  return chunks;
}

/** An empty one, which every index has, for a series without samples of the time: many of those are a stretch, too. */
function* symbolsOf(
  series: readonly MemorySeries[],
  minTime: number,
  maxTime: number,
): Generator<string> {
  for (const one of series) {
    if (!one.overlaps(minTime, maxTime)) {
      yield "";
      continue;
    }
    const { labels } = one;
    for (let i = 0; i < labels.size; i++) {
      yield labels.nameAt(i);
      yield labels.valueAt(i);
    }
  }
}
