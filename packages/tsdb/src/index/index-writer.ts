import { AssertionError, compareUtf8, Labels } from "@linklight/model";
import { AppendFile } from "../disk/append-file.ts";
import { ByteWriter } from "../encoding/byte-writer.ts";
import { crc32c } from "../encoding/crc32c.ts";
import type { Pause } from "../turns/pause.ts";
import { sortInTurns } from "../turns/sort-in-turns.ts";
import { type ChunkMeta, INDEX_MAGIC, INDEX_VERSION, SERIES_ALIGNMENT } from "./index-format.ts";

/** The section of symbols has a length of 32 bits. */
const LARGEST_SECTION = 2 ** 32 - 1;
/** A section is summed and written in pieces of this size. */
const PIECE_BYTES = 256 * 1024;

/**
 * Writes the index of a block: all symbols first, then the series in ascending order, then what the writer has
 * gathered of them. Throws RangeError when a section grows beyond what the format can say.
 */
export class IndexWriter {
  readonly #file: AppendFile;
  readonly #scratch = new ByteWriter(1 << 16);
  /** For lengths and checksums. */
  readonly #small = new ByteWriter(10);
  readonly #symbols = new Map<string, number>();
  /** Label name → label value → refs of the series, ascending because series come in order. */
  readonly #postings = new Map<string, Map<string, number[]>>();
  readonly #all: number[] = [];
  readonly #pause: Pause;
  #seriesStart = 0;
  #last: Labels = Labels.EMPTY;

  /** `pause`: asked between small steps. */
  constructor(path: string, pause: Pause) {
    this.#file = new AppendFile(path);
    this.#pause = pause;
  }

  /** `symbols`: every label name and label value of the series to come; any order, duplicates allowed. */
  async begin(symbols: Iterable<string>): Promise<void> {
    this.#scratch.u32(INDEX_MAGIC);
    this.#scratch.u8(INDEX_VERSION);
    this.#file.write(this.#scratch.bytes());
    await this.#writeSymbols(symbols);
    this.#seriesStart = this.#file.position;
  }

  /** Adds a series; label sets ascend by `Labels.compare`, chunks by time and place. */
  addSeries(labels: Labels, chunks: readonly ChunkMeta[]): void {
    if (this.#all.length > 0 && this.#last.compare(labels) >= 0)
      throw new AssertionError(`index: series ${labels} does not come after ${this.#last}`);
    this.#last = labels;
    this.#file.pad(SERIES_ALIGNMENT);
    const ref = this.#file.position / SERIES_ALIGNMENT;
    if (ref >= 2 ** 32) throw new RangeError(`index ${this.#file.path}: larger than 64 GiB`);
    const entry = this.#scratch;
    entry.clear();
    entry.uvarint(labels.size);
    for (const [name, value] of labels) {
      entry.uvarint(this.#symbol(name));
      entry.uvarint(this.#symbol(value));
      this.#note(name, value, ref);
    }
    this.#all.push(ref);
    writeChunkMetas(entry, chunks);
    const length = this.#small;
    length.clear();
    length.uvarint(entry.length);
    this.#file.write(length.bytes());
    this.#file.write(entry.bytes());
    this.#writeSum(entry.bytes());
  }

  /** Writes the rest and makes sure that the file is on the disk. */
  async finish(): Promise<void> {
    // No label indices: nobody has read them since Prometheus 2.0, and 3.x stopped to write them.
    const labelIndices = this.#file.position;
    const { start: postings, table } = await this.#writePostings();
    const labelIndexTable = this.#file.position;
    await this.#writeSection([], () => {});
    const postingsTable = this.#file.position;
    await this.#writeSection(table, (section, { name, value, offset }) => {
      // The number of strings before the offset.
      section.u8(2);
      section.string(name);
      section.string(value);
      section.uvarint(offset);
    });
    this.#writeTableOfContents([
      5,
      this.#seriesStart,
      labelIndices,
      labelIndexTable,
      postings,
      postingsTable,
    ]);
    await this.#file.finish();
  }

  /** Gives the file up after an error: the caller removes it. */
  abandon(): void {
    this.#file.abandon();
  }

  async #writeSymbols(symbols: Iterable<string>): Promise<void> {
    const distinct = new Set([""]);
    for (const symbol of symbols) {
      if (this.#pause.isDue()) await this.#pause.take();
      distinct.add(symbol);
    }
    const sorted = await sortInTurns(distinct, compareUtf8, this.#pause);
    await this.#writeSection(sorted, (section, symbol) => {
      this.#symbols.set(symbol, this.#symbols.size);
      section.string(symbol);
    });
  }

  #symbol(text: string): number {
    const symbol = this.#symbols.get(text);
    if (symbol === undefined) throw new AssertionError(`index: "${text}" is not among the symbols`);
    return symbol;
  }

  #note(name: string, value: string, ref: number): void {
    const values = this.#postings.get(name) ?? new Map<string, number[]>();
    if (values.size === 0) this.#postings.set(name, values);
    const refs = values.get(value);
    if (refs === undefined) values.set(value, [ref]);
    else refs.push(ref);
  }

  /** A list for every label pair, and first one of all series under the empty pair. */
  async #writePostings(): Promise<{ start: number; table: PostingsEntry[] }> {
    this.#file.pad(4);
    const start = this.#file.position;
    const table: PostingsEntry[] = [{ name: "", value: "", offset: start }];
    await this.#writePostingsList(this.#all);
    for (const name of [...this.#postings.keys()].sort(compareUtf8)) {
      const values = this.#postings.get(name) as Map<string, number[]>;
      for (const value of await sortInTurns(values.keys(), compareUtf8, this.#pause)) {
        this.#file.pad(4);
        table.push({ name, value, offset: this.#file.position });
        await this.#writePostingsList(values.get(value) as number[]);
      }
    }
    return { start, table };
  }

  #writePostingsList(refs: readonly number[]): Promise<void> {
    return this.#writeSection(refs, (section, ref) => section.u32(ref));
  }

  /** A section: its length in four bytes, the number of its entries, the entries, the content's checksum. */
  async #writeSection<T>(
    entries: readonly T[],
    write: (section: ByteWriter, entry: T) => void,
  ): Promise<void> {
    const section = this.#scratch;
    section.clear();
    section.u32(0);
    section.u32(entries.length);
    for (const entry of entries) {
      if (this.#pause.isDue()) await this.#pause.take();
      write(section, entry);
    }
    const length = section.length - 4;
    if (length > LARGEST_SECTION)
      throw new RangeError(`index ${this.#file.path}: a section of ${length} bytes, at most 4 GiB`);
    section.patchU32(0, length);
    const bytes = section.bytes();
    this.#file.write(bytes.subarray(0, 4));
    let sum = 0;
    for (let start = 4; start < bytes.length; start += PIECE_BYTES) {
      if (this.#pause.isDueNow()) await this.#pause.take();
      const piece = bytes.subarray(start, start + PIECE_BYTES);
      sum = crc32c(piece, 0, piece.length, sum);
      this.#file.write(piece);
    }
    this.#writeU32(sum);
  }

  #writeTableOfContents(offsets: readonly number[]): void {
    const contents = this.#scratch;
    contents.clear();
    for (const offset of offsets) contents.i64(offset);
    this.#file.write(contents.bytes());
    this.#writeSum(contents.bytes());
  }

  #writeSum(bytes: Uint8Array): void {
    this.#writeU32(crc32c(bytes));
  }

  #writeU32(value: number): void {
    const four = this.#small;
    four.clear();
    four.u32(value);
    this.#file.write(four.bytes());
  }
}

/** Where the postings of a label pair lie. */
interface PostingsEntry {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

/** Times and places relative to the chunk before, as the format has them. */
function writeChunkMetas(entry: ByteWriter, chunks: readonly ChunkMeta[]): void {
  entry.uvarint(chunks.length);
  let before: ChunkMeta | undefined;
  for (const chunk of chunks) {
    if (before === undefined) {
      entry.varint(chunk.minTime);
      entry.uvarint(chunk.maxTime - chunk.minTime);
      entry.uvarint(chunk.ref);
    } else {
      entry.uvarint(chunk.minTime - before.maxTime);
      entry.uvarint(chunk.maxTime - chunk.minTime);
      entry.varint(chunk.ref - before.ref);
    }
    before = chunk;
  }
}
