import { statSync } from "node:fs";
import { join } from "node:path";
import type { Labels, Matcher } from "@linklight/model";
import type { SampleTarget } from "../chunk/sample-target.ts";
import { dropIntervals, type Interval, keepInterval } from "../chunk/trim.ts";
import { decodeXor } from "../chunk/xor-decode.ts";
import type { PageCache } from "../disk/page-cache.ts";
import type { Stretch } from "../disk/paged-file.ts";
import type { ChunkMeta } from "../index/index-format.ts";
import { type IndexedSeries, IndexReader } from "../index/index-reader.ts";
import { selectPostings } from "../index/select-postings.ts";
import type { ReadableSeries, Selection, SeriesSource } from "../query/select.ts";
import { Pause } from "../turns/pause.ts";
import { runInTurns } from "../turns/steps.ts";
import { type BlockMeta, readBlockMeta, writeMeta } from "./block-meta.ts";
import { ChunkSegments } from "./chunk-segments.ts";
import { type CachedSeries, CHUNK_NUMBERS, SeriesCache } from "./series-cache.ts";
import { readTombstones, type Tombstones, writeTombstones } from "./tombstones.ts";

/** A series of a block with everything that a compaction needs to know of it. */
export interface BlockSeries {
  readonly ref: number;
  readonly labels: Labels;
  readonly chunks: readonly ChunkMeta[];
  readonly deleted: readonly Interval[];
}

/** What a block is made of once its files are open. */
interface BlockParts {
  readonly meta: BlockMeta;
  readonly tombstones: Tombstones;
  readonly index: IndexReader;
  readonly chunks: ChunkSegments;
  readonly cachedSeries: SeriesCache;
}

/**
 * A block that is open for reading: chunks, index, tombstones of one directory. It does not change, but for its
 * tombstones. Reading throws CorruptionError where the bytes are not what their checksums say.
 */
export class Block implements SeriesSource {
  readonly directory: string;
  #meta: BlockMeta;
  readonly #index: IndexReader;
  readonly #chunks: ChunkSegments;
  readonly #tombstones: Tombstones;
  readonly #cachedSeries: SeriesCache;
  readonly #id: number;
  readonly #readSeries = (ref: number): IndexedSeries => this.#index.series(ref);

  private constructor(directory: string, parts: BlockParts) {
    this.directory = directory;
    this.#meta = parts.meta;
    this.#tombstones = parts.tombstones;
    this.#index = parts.index;
    this.#chunks = parts.chunks;
    this.#cachedSeries = parts.cachedSeries;
    this.#id = parts.cachedSeries.register();
  }

  /** Opens a block, in turns. Blocks of one database share what they keep in memory. */
  static async open(
    directory: string,
    cache: PageCache,
    cachedSeries: SeriesCache = new SeriesCache(),
    pause: Pause = new Pause(),
  ): Promise<Block> {
    const meta = readBlockMeta(directory);
    const tombstones = readTombstones(directory);
    const index = await runInTurns(IndexReader.load(join(directory, "index"), cache), pause);
    try {
      const chunks = new ChunkSegments(join(directory, "chunks"), cache);
      return new Block(directory, { meta, tombstones, index, chunks, cachedSeries });
    } catch (error) {
      index.close();
      throw error;
    }
  }

  get meta(): BlockMeta {
    return this.#meta;
  }

  /** Replaces what the block says of itself, on the disk too: about deletions and compactions, never about its series. */
  async setMeta(meta: BlockMeta): Promise<void> {
    await writeMeta(this.directory, meta);
    this.#meta = meta;
  }

  /** Deletes the samples of matching series within the interval: they are not read any more, and stay in the chunks. */
  async delete(matchers: readonly Matcher[], interval: Interval): Promise<void> {
    let deletes = false;
    for (const { ref, chunks } of this.seriesOf(matchers)) {
      const minTime = Math.max(interval.minTime, chunks[0]?.minTime ?? Number.POSITIVE_INFINITY);
      const maxTime = Math.min(
        interval.maxTime,
        chunks.at(-1)?.maxTime ?? Number.NEGATIVE_INFINITY,
      );
      if (minTime > maxTime) continue;
      this.#tombstones.add(ref, { minTime, maxTime });
      deletes = true;
    }
    if (!deletes) return;
    await writeTombstones(this.directory, this.#tombstones);
    const stats = { ...this.#meta.stats, numTombstones: this.#tombstones.count };
    await this.setMeta({ ...this.#meta, stats });
  }

  get minTime(): number {
    return this.meta.minTime;
  }

  /** Inclusive: the block's own is one more. */
  get maxTime(): number {
    return this.meta.maxTime - 1;
  }

  /** Bytes on the disk: index, chunks, tombstones and meta.json, as retention by size counts them. */
  get size(): number {
    const small = ["meta.json", "tombstones"].map(
      (name) => statSync(join(this.directory, name), { throwIfNoEntry: false })?.size ?? 0,
    );
    return this.#index.size + this.#chunks.size + small.reduce((sum, size) => sum + size, 0);
  }

  get tombstones(): Tombstones {
    return this.#tombstones;
  }

  /** What the index says, for those who analyse it. */
  get index(): IndexReader {
    return this.#index;
  }

  close(): void {
    this.#cachedSeries.forget(this.#id);
    this.#index.close();
    this.#chunks.close();
  }

  *select(selection: Selection): Generator<ReadableSeries> {
    for (const ref of selectPostings(this.#index, selection.matchers)) {
      const series = this.#cachedSeries.get(this.#id, ref, this.#readSeries);
      if (reachesInto(series.chunks, selection))
        yield new StoredSeries(this.#chunks, series, this.#tombstones.of(ref));
    }
  }

  *labelSets(matchers: readonly Matcher[]): Generator<Labels> {
    for (const { labels } of this.seriesOf(matchers)) yield labels;
  }

  labelNames(): readonly string[] {
    return this.#index.labelNames();
  }

  labelValues(name: string): readonly string[] {
    return this.#index.labelValues(name);
  }

  /** The series that satisfy all matchers, ascending, with their chunks and what is deleted of them. */
  *seriesOf(matchers: readonly Matcher[]): Generator<BlockSeries> {
    for (const ref of selectPostings(this.#index, matchers)) {
      const { labels, chunks } = this.#index.series(ref);
      yield { ref, labels, chunks, deleted: this.#tombstones.of(ref) };
    }
  }

  /** The data of a chunk of this block, with its encoding and slack behind it. Valid until the block is closed. */
  stretch(ref: number): Stretch & { readonly encoding: number } {
    return this.#chunks.chunk(ref);
  }
}

/** Whether any chunk has samples in a stretch of time. Chunks are in order of time and do not overlap. */
function reachesInto(chunks: Float64Array, { minTime, maxTime }: Interval): boolean {
  for (let i = 0; i < chunks.length; i += CHUNK_NUMBERS)
    if ((chunks[i + 1] as number) >= minTime) return (chunks[i] as number) <= maxTime;
  return false;
}

class StoredSeries implements ReadableSeries {
  readonly labels: Labels;
  readonly #segments: ChunkSegments;
  readonly #chunks: Float64Array;
  readonly #deleted: readonly Interval[];

  constructor(
    segments: ChunkSegments,
    { labels, chunks }: CachedSeries,
    deleted: readonly Interval[],
  ) {
    this.labels = labels;
    this.#segments = segments;
    this.#chunks = chunks;
    this.#deleted = deleted;
  }

  read(into: SampleTarget, minTime: number, maxTime: number): void {
    const start = into.length;
    const chunks = this.#chunks;
    for (let i = 0; i < chunks.length; i += CHUNK_NUMBERS) {
      if ((chunks[i] as number) > maxTime) break;
      if ((chunks[i + 1] as number) < minTime) continue;
      const { bytes, start: from, end } = this.#segments.xor(chunks[i + 2] as number);
      decodeXor(bytes, from, end - from, into, maxTime);
    }
    keepInterval(into, start, { minTime, maxTime });
    if (this.#deleted.length > 0) dropIntervals(into, start, this.#deleted);
  }
}
