import { statSync } from "node:fs";
import { join } from "node:path";
import { compareUtf8, type Labels, type Matcher } from "@linklight/model";
import type { SampleTarget } from "../chunk/sample-target.ts";
import { dropIntervals, type Interval, keepInterval } from "../chunk/trim.ts";
import { decodeXor } from "../chunk/xor-decode.ts";
import type { ReadableSeries, Selection, SeriesSource } from "../db/select.ts";
import type { PageCache } from "../disk/page-cache.ts";
import type { Stretch } from "../disk/paged-file.ts";
import type { ChunkMeta } from "../index/index-format.ts";
import { IndexReader } from "../index/index-reader.ts";
import { selectPostings } from "../index/select-postings.ts";
import { Pause } from "../turns/pause.ts";
import { runAtOnce, runInTurns, type Steps } from "../turns/steps.ts";
import { type BlockMeta, readBlockMeta, writeMeta } from "./block-meta.ts";
import { ChunkSegments } from "./chunk-segments.ts";
import { readTombstones, type Tombstones } from "./tombstones.ts";

/** A series of a block with everything that a compaction needs to know of it. */
export interface BlockSeries {
  readonly ref: number;
  readonly labels: Labels;
  readonly chunks: readonly ChunkMeta[];
  readonly deleted: readonly Interval[];
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

  /** Opens a block at once; `index`: its index, when that is open already. */
  constructor(directory: string, cache: PageCache, index?: IndexReader) {
    this.directory = directory;
    try {
      this.#meta = readBlockMeta(directory);
      this.#tombstones = readTombstones(directory);
      this.#index = index ?? runAtOnce(loadIndex(directory, cache));
    } catch (error) {
      index?.close();
      throw error;
    }
    try {
      this.#chunks = new ChunkSegments(join(directory, "chunks"), cache);
    } catch (error) {
      this.#index.close();
      throw error;
    }
  }

  /** Opens a block in turns: reading through a large index takes longer than others should wait. */
  static async open(
    directory: string,
    cache: PageCache,
    pause: Pause = new Pause(),
  ): Promise<Block> {
    // What a block is not without comes first, as above.
    readBlockMeta(directory);
    return new Block(directory, cache, await runInTurns(loadIndex(directory, cache), pause));
  }

  get meta(): BlockMeta {
    return this.#meta;
  }

  /** Replaces what the block says of itself, on the disk too: about deletions and compactions, never about its series. */
  setMeta(meta: BlockMeta): void {
    writeMeta(this.directory, meta);
    this.#meta = meta;
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
    this.#index.close();
    this.#chunks.close();
  }

  select(selection: Selection): ReadableSeries[] {
    const selected: ReadableSeries[] = [];
    for (const ref of selectPostings(this.#index, selection.matchers)) {
      const series = this.#index.series(ref, selection);
      if (series.chunks.length > 0)
        selected.push(new StoredSeries(this.#chunks, series, this.#tombstones.of(ref)));
    }
    return selected;
  }

  labelNames({ matchers }: Selection): readonly string[] {
    if (matchers.length === 0) return this.#index.labelNames();
    const names = new Set<string>();
    for (const { labels } of this.seriesOf(matchers)) for (const [name] of labels) names.add(name);
    return [...names].sort(compareUtf8);
  }

  labelValues(name: string, { matchers }: Selection): readonly string[] {
    if (matchers.length === 0) return this.#index.labelValues(name);
    const values = new Set<string>();
    for (const { labels } of this.seriesOf(matchers))
      if (labels.has(name)) values.add(labels.get(name));
    return [...values].sort(compareUtf8);
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

  /** Adds the samples of one chunk to `into`. */
  decodeChunk(ref: number, into: SampleTarget): void {
    const { bytes, start, end } = this.#chunks.xor(ref);
    decodeXor(bytes, start, end - start, into);
  }
}

function loadIndex(directory: string, cache: PageCache): Steps<IndexReader> {
  return IndexReader.load(join(directory, "index"), cache);
}

class StoredSeries implements ReadableSeries {
  readonly labels: Labels;
  readonly #chunks: ChunkSegments;
  readonly #metas: readonly ChunkMeta[];
  readonly #deleted: readonly Interval[];

  constructor(
    chunks: ChunkSegments,
    series: { readonly labels: Labels; readonly chunks: readonly ChunkMeta[] },
    deleted: readonly Interval[],
  ) {
    this.labels = series.labels;
    this.#chunks = chunks;
    this.#metas = series.chunks;
    this.#deleted = deleted;
  }

  read(into: SampleTarget, minTime: number, maxTime: number): void {
    const start = into.length;
    for (const meta of this.#metas) {
      if (meta.minTime > maxTime || meta.maxTime < minTime) continue;
      const { bytes, start: from, end } = this.#chunks.xor(meta.ref);
      decodeXor(bytes, from, end - from, into);
    }
    keepInterval(into, start, { minTime, maxTime });
    if (this.#deleted.length > 0) dropIntervals(into, start, this.#deleted);
  }
}
