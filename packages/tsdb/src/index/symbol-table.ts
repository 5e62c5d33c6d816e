import { PagedCursor } from "../disk/paged-cursor.ts";
import type { PagedFile } from "../disk/paged-file.ts";
import { readUint32 } from "../encoding/byte-reader.ts";
import { verifySection } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import type { Steps } from "../turns/steps.ts";

/** The place of every 32nd symbol is kept: the others are reached by counting, as in Prometheus. */
const SAMPLING = 32;
/** So many are found in a fraction of a millisecond. */
const ENTRIES_PER_STEP = 1024;
/** Strings kept, so that a label of many series is decoded once; the oldest half goes when it is full. */
const CACHED_SYMBOLS = 65_536;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The strings of an index, by number: sorted by bytes, read when they are asked for. */
export class SymbolTable {
  readonly #file: PagedFile;
  readonly #cursor: PagedCursor;
  readonly #offsets: Float64Array;
  readonly count: number;
  readonly #cache = new Map<number, string>();

  private constructor(
    file: PagedFile,
    cursor: PagedCursor,
    table: { readonly count: number; readonly offsets: Float64Array },
  ) {
    this.#file = file;
    this.#cursor = cursor;
    this.#offsets = table.offsets;
    this.count = table.count;
  }

  /** `start`: where the section begins. Reads it once through, to find its symbols, and makes no text of them. */
  static *load(file: PagedFile, start: number): Steps<SymbolTable> {
    const end = yield* verifySection(file, start, `${file.path}: symbols`);
    const head = file.read(start + 4, 4);
    const count = readUint32(head.bytes, head.start);
    const length = end - start - 4;
    // A symbol has at least its length byte.
    if (count > length)
      throw new CorruptionError(`${file.path}: ${count} symbols in ${length} bytes`);
    const cursor = new PagedCursor(file, start + 8, end);
    const offsets = new Float64Array(Math.ceil(count / SAMPLING));
    for (let i = 0; i < count; i++) {
      if (i % SAMPLING === 0) offsets[i / SAMPLING] = cursor.position;
      cursor.skip(cursor.uvarint());
      if (i % ENTRIES_PER_STEP === 0) yield;
    }
    if (cursor.position > end)
      throw new CorruptionError(`${file.path}: a symbol goes beyond their section`);
    return new SymbolTable(file, cursor, { count, offsets });
  }

  /** The symbol of a number. Throws CorruptionError for a number that the table does not have. */
  get(symbol: number): string {
    const cached = this.#cache.get(symbol);
    if (cached !== undefined) return cached;
    if (symbol >= this.count)
      throw new CorruptionError(`${this.#file.path}: symbol ${symbol} of ${this.count}`);
    const cursor = this.#cursor;
    cursor.position = this.#offsets[Math.floor(symbol / SAMPLING)] as number;
    for (let i = symbol % SAMPLING; i > 0; i--) cursor.skip(cursor.uvarint());
    const length = cursor.uvarint();
    const { bytes, start, end } = this.#file.read(cursor.position, length);
    const text = decoder.decode(bytes.subarray(start, end));
    if (this.#cache.size >= CACHED_SYMBOLS) this.#forgetHalf();
    this.#cache.set(symbol, text);
    return text;
  }

  #forgetHalf(): void {
    let rest = CACHED_SYMBOLS / 2;
    for (const symbol of this.#cache.keys()) {
      if (rest-- === 0) break;
      this.#cache.delete(symbol);
    }
  }
}
