import { compareUtf8 } from "@linklight/model";
import { PagedCursor } from "../disk/paged-cursor.ts";
import type { PagedFile } from "../disk/paged-file.ts";
import { readUint32 } from "../encoding/byte-reader.ts";
import { verifySection } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import type { Steps } from "../turns/steps.ts";

/** Every 32nd value of a name is kept: the others are reached by reading on, as in Prometheus. */
const SAMPLING = 32;
/** So many are looked at in a fraction of a millisecond. */
const ENTRIES_PER_STEP = 1024;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The values of a name: side by side in the table, ascending. */
interface NameEntries {
  count: number;
  /** Every 32nd value, and where its entry begins. */
  readonly values: string[];
  readonly positions: number[];
  /** All of them, with their offsets, once somebody has asked for them. */
  all: { readonly values: readonly string[]; readonly offsets: Float64Array } | undefined;
}

/** Where the postings of each label pair lie: names and values in order, the values of a name side by side. */
export class PostingsTable {
  readonly #file: PagedFile;
  readonly #end: number;
  readonly #byName: ReadonlyMap<string, NameEntries>;
  readonly names: readonly string[];
  /** Where the list of all series begins. */
  readonly all: number;

  private constructor(file: PagedFile, end: number, found: TableScan) {
    this.#file = file;
    this.#end = end;
    this.#byName = found.byName;
    this.names = [...found.byName.keys()].sort(compareUtf8);
    this.all = found.all;
  }

  /**
   * Reads the postings offset table, which begins at `start`, once through: of its values one in 32 is made a text, and
   * the others are found again when they are asked for.
   */
  static *load(file: PagedFile, start: number): Steps<PostingsTable> {
    const what = `${file.path}: postings offset table`;
    const end = yield* verifySection(file, start, what);
    const head = file.read(start + 4, 4);
    const scan = new TableScan(new PagedCursor(file, start + 8, end), what);
    for (let i = readUint32(head.bytes, head.start); i > 0; i--) {
      scan.readEntry();
      if (i % ENTRIES_PER_STEP === 0) yield;
    }
    if (scan.all < 0) throw new CorruptionError(`${what}: no list of all series`);
    return new PostingsTable(file, end, scan);
  }

  /** All values of a name, ascending. */
  values(name: string): readonly string[] {
    const entries = this.#byName.get(name);
    return entries === undefined ? [] : this.#all(entries).values;
  }

  /** Where the list of a pair begins; undefined when no series has it. */
  offset(name: string, value: string): number | undefined {
    const entries = this.#byName.get(name);
    if (entries === undefined) return undefined;
    if (entries.all !== undefined) {
      const i = search(entries.all.values, value);
      return entries.all.values[i] === value ? entries.all.offsets[i] : undefined;
    }
    // The last kept value that is not behind it.
    let kept = search(entries.values, value);
    if (entries.values[kept] !== value) kept--;
    if (kept < 0) return undefined;
    const cursor = new PagedCursor(this.#file, entries.positions[kept] as number, this.#end);
    const count = Math.min(SAMPLING, entries.count - SAMPLING * kept);
    for (let i = 0; i < count; i++) {
      cursor.skip(1);
      cursor.skip(cursor.uvarint());
      const order = compareUtf8(decoder.decode(cursor.bytes(cursor.uvarint())), value);
      const offset = cursor.uvarint();
      if (order === 0) return offset;
      if (order > 0) return undefined;
    }
    return undefined;
  }

  /** The same for many values of a name; those that no series has are left out. */
  offsets(name: string, values: readonly string[]): number[] {
    const entries = this.#byName.get(name);
    if (entries === undefined) return [];
    if (values.length < entries.count / SAMPLING)
      return values.flatMap((value) => this.offset(name, value) ?? []);
    const all = this.#all(entries);
    const offsets: number[] = [];
    let i = 0;
    for (const value of values) {
      // They come in the table's order, mostly one behind the other.
      if (all.values[i] !== value) i = search(all.values, value);
      if (all.values[i] === value) offsets.push(all.offsets[i++] as number);
    }
    return offsets;
  }

  #all(entries: NameEntries): NonNullable<NameEntries["all"]> {
    if (entries.all !== undefined) return entries.all;
    const cursor = new PagedCursor(this.#file, entries.positions[0] as number, this.#end);
    const values: string[] = [];
    const offsets = new Float64Array(entries.count);
    for (let i = 0; i < entries.count; i++) {
      cursor.skip(1);
      cursor.skip(cursor.uvarint());
      values.push(cursor.text(cursor.uvarint()));
      offsets[i] = cursor.uvarint();
    }
    entries.all = { values, offsets };
    return entries.all;
  }
}

/** What is found on the way through the table. */
class TableScan {
  readonly byName = new Map<string, NameEntries>();
  all = -1;
  readonly #cursor: PagedCursor;
  readonly #what: string;
  #name: Uint8Array = new Uint8Array(0);
  /** Those of `#name`; undefined before the first one. */
  #entries: NameEntries | undefined;

  constructor(cursor: PagedCursor, what: string) {
    this.#cursor = cursor;
    this.#what = what;
  }

  readEntry(): void {
    const cursor = this.#cursor;
    const { position } = cursor;
    const strings = cursor.u8();
    if (strings !== 2)
      throw new CorruptionError(`${this.#what}: ${strings} strings in an entry, expected 2`);
    const entries = this.#readName();
    const length = cursor.uvarint();
    if (this.#name.length > 0 && entries.count++ % SAMPLING === 0) {
      entries.values.push(decoder.decode(cursor.bytes(length)));
      entries.positions.push(position);
    } else {
      cursor.skip(length);
    }
    const offset = cursor.uvarint();
    if (this.#name.length === 0) this.all = offset;
  }

  /** Mostly that of the entry before. */
  #readName(): NameEntries {
    const cursor = this.#cursor;
    const length = cursor.uvarint();
    const { position } = cursor;
    if (this.#entries !== undefined && length === this.#name.length && cursor.equals(this.#name))
      return this.#entries;
    cursor.position = position;
    this.#name = cursor.bytes(length);
    const name = decoder.decode(this.#name);
    // What lies apart could not be found by reading on.
    if (this.byName.has(name))
      throw new CorruptionError(`${this.#what}: the values of "${name}" are not side by side`);
    this.#entries = { count: 0, values: [], positions: [], all: undefined };
    if (name !== "") this.byName.set(name, this.#entries);
    return this.#entries;
  }
}

/** The first place whose value is not before `value`. */
function search(values: readonly string[], value: string): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(values[middle] as string, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
