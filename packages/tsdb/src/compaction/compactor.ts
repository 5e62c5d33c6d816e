import type { Logger } from "@linklight/model";
import type { Block } from "../block/block-reader.ts";
import type { BlockSet } from "../block/block-set.ts";
import { UnsupportedChunkError } from "../chunk/encodings.ts";
import { directoryBytes } from "../disk/directory-bytes.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import type { Head } from "../head/head.ts";
import { rangeEnd } from "../head/memory-series.ts";
import type { Pause } from "../turns/pause.ts";
import { writeCheckpoint } from "../wal/checkpoint.ts";
import { listSegments } from "../wal/segments.ts";
import type { WalWriter, WalWriterOptions } from "../wal/wal-writer.ts";
import { compactionRanges, planCompaction } from "./compaction-plan.ts";
import { writeHeadBlock } from "./head-block.ts";
import { mergeBlocks } from "./merge-blocks.ts";
import { expiredBlocks } from "./retention.ts";

/** What a compactor works on. */
export interface Compacted {
  readonly directory: string;
  readonly head: Head;
  readonly wal: WalWriter;
  readonly blocks: BlockSet;
  readonly pause: Pause;
  readonly logger: Logger | undefined;
}

/** How far it goes: see DbOptions. */
export interface CompactionLimits {
  readonly minBlockDurationMs: number;
  readonly maxBlockDurationMs: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
}

/** Brings the head into blocks and small blocks into large ones, one job at a time: whoever calls it sees to that. */
export class Compactor {
  readonly #on: Compacted;
  readonly #limits: CompactionLimits;
  readonly #checkpoint: WalWriterOptions;

  /** `checkpoint`: how checkpoints of the log are written. */
  constructor(on: Compacted, limits: CompactionLimits, checkpoint: WalWriterOptions) {
    this.#on = on;
    this.#limits = limits;
    this.#checkpoint = checkpoint;
  }

  /**
   * Does what there is to do: makes blocks of the head while it reaches over one and a half ranges, larger blocks of
   * small ones, removes what the retention does not keep.
   */
  async compact(): Promise<void> {
    try {
      while (this.#headIsDue()) await this.#compactHead();
      await this.#compactBlocks();
    } finally {
      // Also after an error: on a full disk this is what makes room.
      await this.#on.blocks.remove(this.#expired());
    }
  }

  /** Writes every block anew of which something is deleted. */
  async cleanTombstones(): Promise<void> {
    for (const block of this.#on.blocks.blocks)
      if (block.tombstones.count > 0) await this.#merge([block]);
  }

  #headIsDue(): boolean {
    const { head } = this.#on;
    return head.maxTime - head.minTime > 1.5 * head.chunkRangeMs;
  }

  async #compactHead(): Promise<void> {
    const { directory, head, blocks, pause, logger } = this.#on;
    const { minTime } = head;
    const maxTime = rangeEnd(minTime, head.chunkRangeMs);
    // What an appender still holds of this time would come too late for the block.
    head.setMinValidTime(maxTime);
    await head.settle(pause);
    const meta = await writeHeadBlock(directory, head, minTime, maxTime, pause);
    if (meta !== undefined)
      logger?.info("made a block of the head", { ...meta.stats, ulid: meta.ulid });
    // First the block is served, and only then what it holds is forgotten.
    await blocks.reload(pause);
    if (meta !== undefined) await blocks.checkWritten(meta.ulid);
    await head.truncate(maxTime, pause);
    await this.#truncateLog(maxTime);
  }

  /** Two thirds of the segments go into a checkpoint, so that the newest stay as they are. */
  async #truncateLog(minTime: number): Promise<void> {
    const { head, wal, pause } = this.#on;
    wal.cut();
    const segments = listSegments(wal.directory);
    const first = segments[0]?.number ?? 0;
    const last = first + Math.floor(((wal.segment - 1 - first) * 2) / 3);
    if (last <= first) return;
    const needs = { minTime, needsRef: (ref: number) => head.needsRef(ref, last) };
    await writeCheckpoint(wal.directory, last, needs, pause, this.#checkpoint);
    head.forgetRefsUpTo(last);
  }

  async #compactBlocks(): Promise<void> {
    const { minBlockDurationMs, maxBlockDurationMs } = this.#limits;
    const { blocks } = this.#on;
    const ranges = compactionRanges(minBlockDurationMs, maxBlockDurationMs);
    for (;;) {
      const metas = blocks.blocks.map(({ meta }) => meta);
      const planned = new Set(planCompaction(metas, ranges).map(({ ulid }) => ulid));
      if (planned.size === 0) return;
      await this.#mergeIfReadable(blocks.blocks.filter(({ meta }) => planned.has(meta.ulid)));
    }
  }

  /** Blocks that cannot be read are marked, as Prometheus does it, so that they do not hold up all others for ever. */
  async #mergeIfReadable(blocks: readonly Block[]): Promise<void> {
    try {
      await this.#merge(blocks);
    } catch (error) {
      if (!(error instanceof CorruptionError || error instanceof UnsupportedChunkError))
        throw error;
      this.#on.logger?.error("blocks cannot be compacted and stay as they are", {
        blocks: blocks.map(({ meta }) => meta.ulid).join(", "),
        error: error.message,
      });
      for (const block of blocks)
        await block.setMeta({
          ...block.meta,
          compaction: { ...block.meta.compaction, failed: true },
        });
    }
  }

  async #merge(parents: readonly Block[]): Promise<void> {
    const { directory, blocks, pause, logger } = this.#on;
    const meta = await mergeBlocks(directory, parents, pause);
    if (meta === undefined) return blocks.remove(parents);
    logger?.info("made one block of several", {
      ulid: meta.ulid,
      parents: parents.length,
      ...meta.stats,
    });
    await blocks.reload(pause);
    await blocks.checkWritten(meta.ulid);
  }

  #expired(): Block[] {
    const { retentionMs, retentionBytes } = this.#limits;
    const expired = expiredBlocks(this.#on.blocks.blocks, {
      retentionMs,
      retentionBytes,
      otherBytes: retentionBytes === 0 ? 0 : directoryBytes(this.#on.wal.directory),
    });
    for (const { meta } of expired)
      this.#on.logger?.info("removing a block that the retention does not keep", {
        ulid: meta.ulid,
      });
    return expired;
  }
}
