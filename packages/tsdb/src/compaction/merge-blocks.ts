import { ulid } from "ulid";
import type { BlockMeta } from "../block/block-meta.ts";
import type { Block, BlockSeries } from "../block/block-reader.ts";
import { BlockWriter, type EncodedChunk, type NewBlock } from "../block/block-writer.ts";
import { UnsupportedChunkError, XOR_ENCODING } from "../chunk/encodings.ts";
import type { Pause } from "../turns/pause.ts";
import { rewriteChunk } from "./rewrite-chunk.ts";

/**
 * Makes one block of several that follow each other in time, without what was deleted of them. Chunks are copied
 * as they are, of whatever encoding, unless something of them was deleted. Returns nothing when all is deleted. Throws
 * UnsupportedChunkError for a chunk of another encoding than XOR that is deleted in part.
 */
export async function mergeBlocks(
  parent: string,
  blocks: readonly Block[],
  pause: Pause,
): Promise<BlockMeta | undefined> {
  const id = ulid();
  const ordered = [...blocks].sort((a, b) => a.minTime - b.minTime);
  const block: NewBlock = {
    ulid: id,
    minTime: Math.min(...ordered.map(({ meta }) => meta.minTime)),
    maxTime: Math.max(...ordered.map(({ meta }) => meta.maxTime)),
    compaction: {
      level: 1 + Math.max(...ordered.map(({ meta }) => meta.compaction.level)),
      sources: [...new Set(ordered.flatMap(({ meta }) => meta.compaction.sources))].sort(),
      parents: ordered.map(({ meta: { ulid: parentId, minTime, maxTime } }) => ({
        ulid: parentId,
        minTime,
        maxTime,
      })),
    },
    symbols: symbolsOf(ordered),
  };
  const writer = await BlockWriter.begin(parent, block, pause);
  try {
    for (const group of seriesOf(ordered)) {
      if (pause.isDueNow()) await pause.take();
      const chunks = group.flatMap(({ block, series }) => chunksOf(block, series));
      const [first] = group;
      if (first !== undefined && chunks.length > 0) writer.add(first.series.labels, chunks);
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

interface FromBlock {
  readonly block: Block;
  readonly series: BlockSeries;
}

/** Series of equal labels of all blocks, in the order of the labels; within one, in the order of the blocks. */
function* seriesOf(blocks: readonly Block[]): Generator<FromBlock[]> {
  const heads = blocks.map((block) => {
    const series = block.seriesOf([]);
    return { block, series, next: series.next() };
  });
  for (;;) {
    let least: BlockSeries | undefined;
    for (const { next } of heads)
      if (
        next.done !== true &&
        (least === undefined || next.value.labels.compare(least.labels) < 0)
      )
        least = next.value;
    if (least === undefined) return;
    const group: FromBlock[] = [];
    for (const head of heads) {
      if (head.next.done === true || !head.next.value.labels.equals(least.labels)) continue;
      group.push({ block: head.block, series: head.next.value });
      head.next = head.series.next();
    }
    yield group;
  }
}

function chunksOf(block: Block, { chunks, deleted }: BlockSeries): EncodedChunk[] {
  const kept: EncodedChunk[] = [];
  for (const { ref, minTime, maxTime } of chunks) {
    if (deleted.some((one) => one.minTime <= minTime && one.maxTime >= maxTime)) continue;
    const touched = deleted.some((one) => one.minTime <= maxTime && one.maxTime >= minTime);
    const { encoding, bytes, start, end } = block.stretch(ref);
    if (touched) {
      if (encoding !== XOR_ENCODING) throw new UnsupportedChunkError(encoding, block.directory);
      const rewritten = rewriteChunk(bytes, end - start, { minTime, maxTime }, deleted, start);
      if (rewritten !== undefined) kept.push(rewritten);
      continue;
    }
    // Chunks of all encodings begin with their number of samples.
    const samples = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
    kept.push({ minTime, maxTime, encoding, data: bytes.subarray(start, end), samples });
  }
  return kept;
}

function* symbolsOf(blocks: readonly Block[]): Generator<string> {
  for (const block of blocks) yield* block.index.symbols();
}
