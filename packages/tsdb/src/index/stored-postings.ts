import { PAGE_BYTES } from "../disk/page-cache.ts";
import type { PagedFile } from "../disk/paged-file.ts";
import { readUint32 } from "../encoding/byte-reader.ts";
import { verifyPages } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import { intersectTwo, type Postings } from "./postings.ts";
import type { PostingsList } from "./postings-list.ts";

/** A list that is so many times longer is looked into; otherwise reading all of it is faster. */
const MUCH_LONGER = 16;

/**
 * A postings list as the index has it, at `offset` of the file: its length, the number of refs, the refs in four bytes
 * each, a checksum. What is looked into stays in the pages of the cache.
 */
export class StoredPostings implements PostingsList {
  readonly #file: PagedFile;
  /** Where the first ref is. */
  readonly #start: number;
  readonly length: number;

  constructor(file: PagedFile, offset: number) {
    const what = (): string => `${file.path}: postings at ${offset}`;
    const end = verifyPages(file, offset, what);
    const bytes = end - offset - 4;
    const head = bytes < 4 ? undefined : file.read(offset + 4, 4);
    const count = head === undefined ? 0 : readUint32(head.bytes, head.start);
    if (4 + 4 * count !== bytes)
      throw new CorruptionError(`${what()}: ${count} entries in ${bytes} bytes`);
    this.#file = file;
    this.#start = offset + 8;
    this.length = count;
  }

  all(): Postings {
    const refs = new Uint32Array(this.length);
    for (let i = 0; i < this.length; ) {
      // Up to the end of a page, so that no page is read twice.
      const offset = this.#start + 4 * i;
      const count = Math.min(this.length - i, Math.max(1, pageRest(offset) >>> 2));
      const { bytes, start } = this.#file.read(offset, 4 * count);
      for (let k = 0; k < count; k++) refs[i + k] = readUint32(bytes, start + 4 * k);
      i += count;
    }
    return refs;
  }

  among(short: Postings): Postings {
    if (this.length < MUCH_LONGER * short.length) return intersectTwo(short, this.all());
    const both = new Uint32Array(short.length);
    let count = 0;
    let low = 0;
    for (let i = 0; i < short.length && low < this.length; i++) {
      const ref = short[i] as number;
      low = this.#gallop(ref, low);
      if (low < this.length && this.#at(low) === ref) both[count++] = ref;
    }
    return both.subarray(0, count);
  }

  /** The first place at or after `start` whose ref is at least `ref`. */
  #gallop(ref: number, start: number): number {
    let low = start;
    let high = start;
    for (let leap = 1; high < this.length && this.#at(high) < ref; leap *= 2) {
      low = high + 1;
      high += leap;
    }
    high = Math.min(high, this.length);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#at(middle) < ref) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(i: number): number {
    const offset = this.#start + 4 * i;
    const page = this.#file.pageOf(offset, 4);
    if (page !== undefined) return readUint32(page.bytes, offset % PAGE_BYTES);
    const { bytes, start } = this.#file.read(offset, 4);
    return readUint32(bytes, start);
  }
}

function pageRest(offset: number): number {
  return PAGE_BYTES - (offset % PAGE_BYTES);
}
