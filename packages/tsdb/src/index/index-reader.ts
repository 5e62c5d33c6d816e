import { Labels } from "@linklight/model";
import type { PageCache } from "../disk/page-cache.ts";
import { PagedFile } from "../disk/paged-file.ts";
import { ByteReader } from "../encoding/byte-reader.ts";
import { readChecked } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import type { Steps } from "../turns/steps.ts";
import {
  type ChunkMeta,
  INDEX_MAGIC,
  INDEX_VERSION,
  SERIES_ALIGNMENT,
  type TableOfContents,
  TOC_BYTES,
} from "./index-format.ts";
import type { IndexSource } from "./index-source.ts";
import { type Postings, unite } from "./postings.ts";
import { NO_POSTINGS, type PostingsList } from "./postings-list.ts";
import { PostingsTable } from "./postings-table.ts";
import { StoredPostings } from "./stored-postings.ts";
import { SymbolTable } from "./symbol-table.ts";

/** A series as the index has it. */
export interface IndexedSeries {
  readonly labels: Labels;
  readonly chunks: readonly ChunkMeta[];
}

/**
 * The index of a block. The place of one symbol in 32, and one label value in 32 with its place, are in memory, and all
 * values of a name once somebody has asked for them; postings and series are read when they are asked for, and their
 * checksums compared then. Throws CorruptionError that names the file and the place.
 */
export class IndexReader implements IndexSource {
  readonly #file: PagedFile;
  readonly #symbols: SymbolTable;
  readonly #table: PostingsTable;

  private constructor(file: PagedFile, symbols: SymbolTable, table: PostingsTable) {
    this.#file = file;
    this.#symbols = symbols;
    this.#table = table;
  }

  /** Opens an index file, and reads once through its tables. */
  static *load(path: string, cache: PageCache): Steps<IndexReader> {
    const file = new PagedFile(path, cache);
    let reader: IndexReader | undefined;
    try {
      checkHeader(file);
      const contents = readTableOfContents(file);
      const symbols = yield* SymbolTable.load(file, contents.symbols);
      const table = yield* PostingsTable.load(file, contents.postingsTable);
      reader = new IndexReader(file, symbols, table);
      return reader;
    } finally {
      // Also when nobody asks for the next step.
      if (reader === undefined) file.close();
    }
  }

  get size(): number {
    return this.#file.size;
  }

  /** All symbols, sorted. */
  *symbols(): Generator<string> {
    for (let i = 0; i < this.#symbols.count; i++) yield this.#symbols.get(i);
  }

  close(): void {
    this.#file.close();
  }

  labelNames(): readonly string[] {
    return this.#table.names;
  }

  labelValues(name: string): readonly string[] {
    return this.#table.values(name);
  }

  postings(name: string, value: string): PostingsList {
    const offset = this.#table.offset(name, value);
    return offset === undefined ? NO_POSTINGS : new StoredPostings(this.#file, offset);
  }

  postingsOfValues(name: string, values: readonly string[]): Postings {
    const offsets = this.#table.offsets(name, values);
    return unite(offsets.map((offset) => new StoredPostings(this.#file, offset).all()));
  }

  allPostings(): Postings {
    return new StoredPostings(this.#file, this.#table.all).all();
  }

  /** The labels of a series, and its chunks in order of time. */
  series(ref: number): IndexedSeries {
    const offset = ref * SERIES_ALIGNMENT;
    const what = (): string => `${this.#file.path}: series at ${offset}`;
    const head = this.#file.read(offset, Math.min(10, this.#file.size - offset));
    const length = new ByteReader(head.bytes, what, head.start, head.end);
    const bodyLength = length.uvarint();
    const body = readChecked(this.#file, offset + length.position - head.start, bodyLength, what);
    const reader = new ByteReader(body.bytes, what, body.start, body.end);
    const pairs: string[] = [];
    for (let count = reader.uvarint(); count > 0; count--)
      pairs.push(this.#symbols.get(reader.uvarint()), this.#symbols.get(reader.uvarint()));
    return { labels: Labels.fromSortedPairs(pairs), chunks: readChunkMetas(reader) };
  }
}

function readChunkMetas(reader: ByteReader): ChunkMeta[] {
  const chunks: ChunkMeta[] = [];
  const count = reader.uvarint();
  let maxTime = 0;
  let ref = 0;
  for (let i = 0; i < count; i++) {
    const minTime: number = i === 0 ? reader.varint() : maxTime + reader.uvarint();
    maxTime = minTime + reader.uvarint();
    ref = i === 0 ? reader.uvarint() : ref + reader.varint();
    chunks.push({ minTime, maxTime, ref });
  }
  return chunks;
}

function checkHeader(file: PagedFile): void {
  const { bytes, start, end } = file.read(0, 5);
  const reader = new ByteReader(bytes, file.path, start, end);
  const magic = reader.u32();
  if (magic !== INDEX_MAGIC)
    throw new CorruptionError(
      `${file.path}: begins with 0x${magic.toString(16)}, an index begins with 0x${INDEX_MAGIC.toString(16)}`,
    );
  const version = reader.u8();
  if (version !== INDEX_VERSION)
    throw new CorruptionError(
      `${file.path}: index version ${version}, expected ${INDEX_VERSION}: written by another version of Prometheus; compact it there first`,
    );
}

function readTableOfContents(file: PagedFile): TableOfContents {
  const what = `${file.path}: table of contents`;
  const { bytes, start, end } = readChecked(file, file.size - TOC_BYTES, TOC_BYTES - 4, what);
  const reader = new ByteReader(bytes, what, start, end);
  return {
    symbols: reader.u64(),
    series: reader.u64(),
    labelIndices: reader.u64(),
    labelIndexTable: reader.u64(),
    postings: reader.u64(),
    postingsTable: reader.u64(),
  };
}
