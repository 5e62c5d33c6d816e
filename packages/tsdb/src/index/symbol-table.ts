import type { PagedFile } from "../disk/paged-file.ts";
import { ByteReader } from "../encoding/byte-reader.ts";
import { verifySection } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";

/** The place of every 32nd symbol is kept: the others are reached by counting, as in Prometheus. */
const SAMPLING = 32;
/** Strings kept, so that a label of many series is decoded once; the oldest half goes when it is full. */
const CACHED_SYMBOLS = 65_536;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The strings of an index, by number: sorted by bytes, read when they are asked for. */
export class SymbolTable {
  readonly #file: PagedFile;
  readonly #end: number;
  readonly #offsets: Float64Array;
  readonly count: number;
  readonly #cache = new Map<number, string>();

  /** `start`: where the section begins. Reads it once through, to find its symbols. */
  constructor(file: PagedFile, start: number) {
    this.#file = file;
    const head = file.read(start, 8);
    const reader = new ByteReader(head.bytes, `${file.path}: symbols`, head.start, head.end);
    const length = reader.u32();
    this.#end = verifySection(file, start, `${file.path}: symbols`);
    this.count = reader.u32();
    // A symbol has at least its length byte.
    if (this.count > length)
      throw new CorruptionError(`${file.path}: ${this.count} symbols in ${length} bytes`);
    this.#offsets = new Float64Array(Math.ceil(this.count / SAMPLING));
    let offset = start + 8;
    for (let i = 0; i < this.count; i++) {
      if (i % SAMPLING === 0) this.#offsets[i / SAMPLING] = offset;
      offset = this.#next(offset);
    }
  }

  /** The symbol of a number. Throws CorruptionError for a number that the table does not have. */
  get(symbol: number): string {
    const cached = this.#cache.get(symbol);
    if (cached !== undefined) return cached;
    if (symbol >= this.count)
      throw new CorruptionError(`${this.#file.path}: symbol ${symbol} of ${this.count}`);
    let offset = this.#offsets[Math.floor(symbol / SAMPLING)] as number;
    for (let i = symbol % SAMPLING; i > 0; i--) offset = this.#next(offset);
    const { length, start } = this.#lengthAt(offset);
    const { bytes, start: from, end } = this.#file.read(start, length);
    const text = decoder.decode(bytes.subarray(from, end));
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

  #next(offset: number): number {
    const { length, start } = this.#lengthAt(offset);
    return start + length;
  }

  #lengthAt(offset: number): { length: number; start: number } {
    const { bytes, start, end } = this.#file.read(offset, Math.min(10, this.#end - offset));
    const reader = new ByteReader(bytes, () => `${this.#file.path}: symbols`, start, end);
    const length = reader.uvarint();
    return { length, start: offset + reader.position - start };
  }
}
