import { Labels } from "@linklight/model";
import type { Interval } from "../chunk/trim.ts";
import type { PageCache } from "../disk/page-cache.ts";
import { PagedFile } from "../disk/paged-file.ts";
import { ByteReader } from "../encoding/byte-reader.ts";
import { readChecked } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import {
  type ChunkMeta,
  INDEX_MAGIC,
  INDEX_VERSION,
  SERIES_ALIGNMENT,
  type TableOfContents,
  TOC_BYTES,
} from "./index-format.ts";
import type { IndexSource } from "./index-source.ts";
import { EMPTY_POSTINGS, type Postings, unite } from "./postings.ts";
import { PostingsTable } from "./postings-table.ts";
import { SymbolTable } from "./symbol-table.ts";

const EVER: Interval = { minTime: Number.NEGATIVE_INFINITY, maxTime: Number.POSITIVE_INFINITY };

/** A series as the index has it. */
export interface IndexedSeries {
  readonly labels: Labels;
  readonly chunks: readonly ChunkMeta[];
}

/**
 * The index of a block. Symbols' places and the table of postings are in memory; postings and series are read
 * when they are asked for, and their checksums compared then. Throws CorruptionError that names the file and the place.
 */
export class IndexReader implements IndexSource {
  readonly #file: PagedFile;
  readonly #symbols: SymbolTable;
  readonly #table: PostingsTable;

  constructor(path: string, cache: PageCache) {
    this.#file = new PagedFile(path, cache);
    try {
      this.#checkHeader();
      const contents = this.#readTableOfContents();
      this.#symbols = new SymbolTable(this.#file, contents.symbols);
      this.#table = new PostingsTable(this.#file, contents.postingsTable);
    } catch (error) {
      this.#file.close();
      throw error;
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

  postings(name: string, value: string): Postings {
    const offset = this.#table.offset(name, value);
    return offset === undefined ? EMPTY_POSTINGS : this.#readPostings(offset);
  }

  postingsOfValues(name: string, values: readonly string[]): Postings {
    return unite(values.map((value) => this.postings(name, value)));
  }

  allPostings(): Postings {
    return this.#readPostings(this.#table.all);
  }

  /** The labels of a series, and its chunks: all, or those that reach into a stretch of time. */
  series(ref: number, within: Interval = EVER): IndexedSeries {
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
    return { labels: Labels.fromSortedPairs(pairs), chunks: readChunkMetas(reader, within) };
  }

  #checkHeader(): void {
    const { bytes, start, end } = this.#file.read(0, 5);
    const reader = new ByteReader(bytes, this.#file.path, start, end);
    const magic = reader.u32();
    if (magic !== INDEX_MAGIC)
      throw new CorruptionError(
        `${this.#file.path}: begins with 0x${magic.toString(16)}, an index begins with 0x${INDEX_MAGIC.toString(16)}`,
      );
    const version = reader.u8();
    if (version !== INDEX_VERSION)
      throw new CorruptionError(
        `${this.#file.path}: index version ${version}, expected ${INDEX_VERSION}: written by another version of Prometheus; compact it there first`,
      );
  }

  #readTableOfContents(): TableOfContents {
    const what = `${this.#file.path}: table of contents`;
    const { bytes, start, end } = readChecked(
      this.#file,
      this.#file.size - TOC_BYTES,
      TOC_BYTES - 4,
      what,
    );
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

  #readPostings(offset: number): Postings {
    const what = `${this.#file.path}: postings at ${offset}`;
    const head = this.#file.read(offset, 4);
    const length = new ByteReader(head.bytes, what, head.start, head.end).u32();
    const { bytes, start, end } = readChecked(this.#file, offset + 4, length, what);
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
    const count = length < 4 ? 0 : view.getUint32(0);
    if (4 + 4 * count !== length)
      throw new CorruptionError(`${what}: ${count} entries in ${length} bytes`);
    const refs = new Uint32Array(count);
    for (let i = 0; i < count; i++) refs[i] = view.getUint32(4 + 4 * i);
    return refs;
  }
}

function readChunkMetas(reader: ByteReader, within: Interval): ChunkMeta[] {
  const chunks: ChunkMeta[] = [];
  const count = reader.uvarint();
  let maxTime = 0;
  let ref = 0;
  for (let i = 0; i < count; i++) {
    const minTime: number = i === 0 ? reader.varint() : maxTime + reader.uvarint();
    maxTime = minTime + reader.uvarint();
    ref = i === 0 ? reader.uvarint() : ref + reader.varint();
    // Later ones are later: the rest need not be read.
    if (minTime > within.maxTime) break;
    if (maxTime >= within.minTime) chunks.push({ minTime, maxTime, ref });
  }
  return chunks;
}
