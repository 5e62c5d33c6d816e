import { compareUtf8 } from "@linklight/model";
import type { PagedFile } from "../disk/paged-file.ts";
import { ByteReader } from "../encoding/byte-reader.ts";
import { readChecked } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";

/** Where the postings of each label pair lie: names and values in order, the values of a name side by side. */
export class PostingsTable {
  readonly #byName = new Map<string, NameEntries>();
  readonly names: readonly string[];
  /** Where the list of all series begins. */
  readonly all: number;

  /** Reads the postings offset table, which begins at `start`, to its end. */
  constructor(file: PagedFile, start: number) {
    const what = `${file.path}: postings offset table`;
    const head = file.read(start, 4);
    const length = new ByteReader(head.bytes, what, head.start, head.end).u32();
    const { bytes, start: from, end } = readChecked(file, start + 4, length, what);
    const reader = new ByteReader(bytes, what, from, end);
    let all: number | undefined;
    for (let count = reader.u32(); count > 0; count--) {
      const strings = reader.u8();
      if (strings !== 2)
        throw new CorruptionError(`${what}: ${strings} strings in an entry, expected 2`);
      const name = reader.string();
      const value = reader.string();
      const offset = reader.uvarint();
      if (name === "") all = offset;
      else this.#add(name, value, offset);
    }
    if (all === undefined) throw new CorruptionError(`${what}: no list of all series`);
    this.all = all;
    this.names = [...this.#byName.keys()].sort(compareUtf8);
  }

  values(name: string): readonly string[] {
    return this.#byName.get(name)?.values ?? [];
  }

  /** Where the list of a pair begins; undefined when no series has it. */
  offset(name: string, value: string): number | undefined {
    const entries = this.#byName.get(name);
    if (entries === undefined) return undefined;
    const i = search(entries.values, value);
    return entries.values[i] === value ? entries.offsets[i] : undefined;
  }

  #add(name: string, value: string, offset: number): void {
    const entries = this.#byName.get(name);
    if (entries === undefined) this.#byName.set(name, { values: [value], offsets: [offset] });
    else {
      entries.values.push(value);
      entries.offsets.push(offset);
    }
  }
}

interface NameEntries {
  readonly values: string[];
  readonly offsets: number[];
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
