import type { Labels } from "@linklight/model";
import type { ChunkMeta } from "../index/index-format.ts";

/** What a label set and its places in the maps take, and what a chunk takes: roughly, in bytes. */
const SERIES_BYTES = 512;
const CHUNK_BYTES = 24;

/** Some 60,000 series with twelve hours at 15 s. */
const DEFAULT_BYTES: number = 64 * 1024 * 1024;

/** Offsets within an index stay below this times 16: see `SERIES_ALIGNMENT`. */
const REFS_PER_BLOCK = 2 ** 32;

/**
 * A series of a block as queries need it, decoded: its labels, and its chunks in order of time.
 *
 * ```
 * chunks  [ minTime, maxTime, ref | minTime, maxTime, ref | … ]   ms, both inclusive
 * ```
 */
export interface CachedSeries {
  readonly labels: Labels;
  readonly chunks: Float64Array;
}

/** Numbers for each chunk in {@link CachedSeries.chunks}. */
export const CHUNK_NUMBERS = 3;

/**
 * The series of blocks that queries asked for last, so that a panel which is drawn again finds its label sets made: up
 * to a number of bytes, all blocks of a database together.
 *
 * Two generations: what is asked for is in the younger one; when that takes half of the bytes, the older one is
 * forgotten and the younger one becomes it.
 */
export class SeriesCache {
  readonly #maxBytes: number;
  #younger = new Map<number, CachedSeries>();
  #older = new Map<number, CachedSeries>();
  #bytes = 0;
  #blocks = 0;

  constructor(maxBytes: number = DEFAULT_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** A number for a block that is opened: no other block of this cache has it. */
  register(): number {
    return this.#blocks++;
  }

  /** A series of a block, read by `read` when it is not there. */
  get(
    block: number,
    ref: number,
    read: (ref: number) => { readonly labels: Labels; readonly chunks: readonly ChunkMeta[] },
  ): CachedSeries {
    const key = block * REFS_PER_BLOCK + ref;
    const young = this.#younger.get(key);
    if (young !== undefined) return young;
    const series = this.#older.get(key) ?? packed(read(ref));
    this.#bytes += SERIES_BYTES + (CHUNK_BYTES / CHUNK_NUMBERS) * series.chunks.length;
    if (this.#bytes > this.#maxBytes / 2) {
      this.#older = this.#younger;
      this.#younger = new Map();
      this.#bytes = 0;
    }
    this.#younger.set(key, series);
    return series;
  }

  /** Forgets all series of a block that is closed. */
  forget(block: number): void {
    for (const generation of [this.#younger, this.#older])
      for (const key of generation.keys())
        if (Math.floor(key / REFS_PER_BLOCK) === block) generation.delete(key);
  }
}

function packed({
  labels,
  chunks,
}: {
  readonly labels: Labels;
  readonly chunks: readonly ChunkMeta[];
}): CachedSeries {
  const numbers = new Float64Array(CHUNK_NUMBERS * chunks.length);
  let at = 0;
  for (const { minTime, maxTime, ref } of chunks) {
    numbers[at++] = minTime;
    numbers[at++] = maxTime;
    numbers[at++] = ref;
  }
  return { labels, chunks: numbers };
}
