import { mkdirSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Labels } from "@linklight/model";
import { XOR_ENCODING } from "../chunk/encodings.ts";
import { syncDirectory } from "../disk/sync-directory.ts";
import type { ChunkMeta } from "../index/index-format.ts";
import { IndexWriter } from "../index/index-writer.ts";
import { Pause } from "../turns/pause.ts";
import { type BlockCompaction, type BlockMeta, writeMeta } from "./block-meta.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import { Tombstones, writeTombstones } from "./tombstones.ts";

/** The suffix of a directory that is not a block yet; what a crash left of one is removed at the next start. */
const UNFINISHED_SUFFIX = ".tmp-for-creation";

/** A chunk that goes into a block. Times in ms, both inclusive. */
export interface EncodedChunk {
  readonly minTime: number;
  readonly maxTime: number;
  readonly encoding: number;
  readonly data: Uint8Array;
  /** The number of samples, for the statistics in meta.json. */
  readonly samples: number;
}

export interface NewBlock {
  readonly ulid: string;
  /** ms; `maxTime` is exclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly compaction: BlockCompaction;
  /** Every label name and label value of the series to come; more does no harm. */
  readonly symbols: Iterable<string>;
  readonly maxSegmentBytes?: number;
}

/**
 * Writes a block, series by series in ascending order of their labels: into a directory of a temporary name, on the
 * disk before it is renamed. A crash leaves a whole block or none.
 */
export class BlockWriter {
  readonly #block: NewBlock;
  readonly #directory: string;
  readonly #unfinished: string;
  readonly #chunks: ChunkWriter;
  readonly #index: IndexWriter;
  #series = 0;
  #chunkCount = 0;
  #samples = 0;
  #floatSamples = 0;

  private constructor(parent: string, block: NewBlock, pause: Pause) {
    this.#block = block;
    this.#directory = join(parent, block.ulid);
    this.#unfinished = this.#directory + UNFINISHED_SUFFIX;
    rmSync(this.#unfinished, { recursive: true, force: true });
    mkdirSync(this.#unfinished, { recursive: true });
    try {
      this.#chunks = new ChunkWriter(join(this.#unfinished, "chunks"), block.maxSegmentBytes);
      this.#index = new IndexWriter(join(this.#unfinished, "index"), pause);
    } catch (error) {
      rmSync(this.#unfinished, { recursive: true, force: true });
      throw error;
    }
  }

  /** Begins a block. `parent`: the directory of the database; `pause` is asked between small steps. */
  static async begin(
    parent: string,
    block: NewBlock,
    pause: Pause = new Pause(),
  ): Promise<BlockWriter> {
    const writer = new BlockWriter(parent, block, pause);
    try {
      await writer.#index.begin(block.symbols);
      return writer;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  /** How many samples were added so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Adds a series with at least one chunk; chunks ascend in time and do not overlap. */
  add(labels: Labels, chunks: readonly EncodedChunk[]): void {
    const metas: ChunkMeta[] = [];
    for (const { minTime, maxTime, encoding, data, samples } of chunks) {
      metas.push({ minTime, maxTime, ref: this.#chunks.write(encoding, data) });
      this.#samples += samples;
      if (encoding === XOR_ENCODING) this.#floatSamples += samples;
    }
    this.#index.addSeries(labels, metas);
    this.#series++;
    this.#chunkCount += chunks.length;
  }

  /** Completes the block: from here on it is there, whatever happens. */
  async finish(): Promise<BlockMeta> {
    const { ulid, minTime, maxTime, compaction } = this.#block;
    await this.#chunks.finish();
    await this.#index.finish();
    await writeTombstones(this.#unfinished, new Tombstones());
    const meta: BlockMeta = {
      ulid,
      minTime,
      maxTime,
      stats: {
        numSamples: this.#samples,
        numFloatSamples: this.#floatSamples,
        ...(this.#samples > this.#floatSamples && {
          numHistogramSamples: this.#samples - this.#floatSamples,
        }),
        numSeries: this.#series,
        numChunks: this.#chunkCount,
      },
      compaction,
      version: 1,
    };
    await writeMeta(this.#unfinished, meta);
    await syncDirectory(join(this.#unfinished, "chunks"));
    await syncDirectory(this.#unfinished);
    await rename(this.#unfinished, this.#directory);
    await syncDirectory(dirname(this.#directory));
    return meta;
  }

  /** Gives the block up and removes what there is of it. */
  async abandon(): Promise<void> {
    this.#chunks.abandon();
    this.#index.abandon();
    await rm(this.#unfinished, { recursive: true, force: true });
  }
}
