import type { Block } from "../block/block-reader.ts";

/** What is kept. */
export interface Retention {
  /** Blocks that end this long before the newest one are not; 0 for all. */
  readonly retentionMs: number;
  /** The oldest blocks are not, while all take more than this; 0 for all. */
  readonly retentionBytes: number;
  /** What counts beside the blocks: the log. */
  readonly otherBytes: number;
}

/** The blocks that are not kept. */
export function expiredBlocks(blocks: readonly Block[], retention: Retention): Block[] {
  const newestFirst = [...blocks].sort((a, b) => b.meta.maxTime - a.meta.maxTime);
  const newest = newestFirst[0];
  if (newest === undefined) return [];
  const { retentionMs, retentionBytes } = retention;
  let bytes = retention.otherBytes;
  return newestFirst.filter((block) => {
    bytes += block.size;
    const tooOld =
      retentionMs > 0 &&
      block !== newest &&
      newest.meta.maxTime - block.meta.maxTime >= retentionMs;
    return tooOld || (retentionBytes > 0 && bytes > retentionBytes);
  });
}
