import { compareUtf8 } from "@linklight/model";
import { PagedCursor } from "../disk/paged-cursor.ts";
import type { PagedFile } from "../disk/paged-file.ts";
import { readUint32 } from "../encoding/byte-reader.ts";
import { verifySection } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";

/** Every 32nd value of a name is kept: the others are reached by reading on, as in Prometheus. */
const SAMPLING = 32;

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
  readonly #byName = new Map<string, NameEntries>();
  readonly names: readonly string[];
  /** Where the list of all series begins. */
  readonly all: number;

  /**
   * Reads the postings offset table, which begins at `start`, once through: a byte of text in 32 is made one, and the
   * rest found again when it is asked for.
   */
  constructor(file: PagedFile, start: number) {
    this.#file = file;
    this.#end = verifySection(file, start, this.#what);
    const head = file.read(start + 4, 4);
    this.all = this.#scan(start + 8, readUint32(head.bytes, head.start));
    this.names = [...this.#byName.keys()].sort(compareUtf8);
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

  get #what(): string {
    return `${this.#file.path}: postings offset table`;
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

  #scan(start: number, count: number): number {
    const cursor = new PagedCursor(this.#file, start, this.#end);
    let all: number | undefined;
    let nameBytes: Uint8Array = new Uint8Array(0);
    let entries: NameEntries | undefined;
    for (let i = 0; i < count; i++) {
      const { position } = cursor;
      const strings = cursor.u8();
      if (strings !== 2)
        throw new CorruptionError(`${this.#what}: ${strings} strings in an entry, expected 2`);
      const length = cursor.uvarint();
      const before = cursor.position;
      if (entries === undefined || length !== nameBytes.length || !cursor.equals(nameBytes)) {
        cursor.position = before;
        nameBytes = cursor.bytes(length);
        entries = this.#entriesOf(decoder.decode(nameBytes));
      }
      if (length === 0) {
        cursor.skip(cursor.uvarint());
        all = cursor.uvarint();
        continue;
      }
      const valueLength = cursor.uvarint();
      if (entries.count % SAMPLING === 0) {
        entries.values.push(decoder.decode(cursor.bytes(valueLength)));
        entries.positions.push(position);
      } else {
        cursor.skip(valueLength);
      }
      cursor.uvarint();
      entries.count++;
    }
    if (all === undefined) throw new CorruptionError(`${this.#what}: no list of all series`);
    return all;
  }

  #entriesOf(name: string): NameEntries {
    const known = this.#byName.get(name);
    // What lies apart could not be found by reading on.
    if (known !== undefined)
      throw new CorruptionError(`${this.#what}: the values of "${name}" are not side by side`);
    const entries: NameEntries = { count: 0, values: [], positions: [], all: undefined };
    if (name !== "") this.#byName.set(name, entries);
    return entries;
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
