import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { CorruptionError } from "../encoding/corruption.ts";
import { PAGE_BYTES, type Page, type PageCache } from "./page-cache.ts";

/** Bytes behind every stretch that is handed out, whatever they hold: readers of bits look ahead. */
const SLACK = 8;

/** A stretch of bytes within a larger array, with eight bytes behind it. */
export interface Stretch {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A file that does not change, read at any place through a {@link PageCache}. */
export class PagedFile {
  readonly path: string;
  readonly size: number;
  readonly #cache: PageCache;
  readonly #id: number;
  readonly #descriptor: number;
  #isClosed = false;
  #lastNumber = -1;
  #lastPage: Page | undefined;
  readonly #load = (page: number): Uint8Array => this.#readThrough(page * PAGE_BYTES, PAGE_BYTES);

  constructor(path: string, cache: PageCache) {
    this.path = path;
    this.#cache = cache;
    this.#id = cache.register();
    this.#descriptor = openSync(path, "r");
    this.size = fstatSync(this.#descriptor).size;
  }

  /**
   * The bytes from `offset` on; valid until the file is closed, not to be changed. Throws CorruptionError when the
   * file is shorter.
   */
  read(offset: number, length: number): Stretch {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw new CorruptionError(
        `${this.path}: ${length} bytes at ${offset} are beyond its end at ${this.size}`,
      );
    const page = this.pageOf(offset, length);
    if (page === undefined)
      return { bytes: this.#readThrough(offset, length), start: 0, end: length };
    const start = offset % PAGE_BYTES;
    return { bytes: page.bytes, start, end: start + length };
  }

  /** The page that holds bytes within the file, where a single one holds them all. */
  pageOf(offset: number, length: number): Page | undefined {
    if ((offset % PAGE_BYTES) + length > PAGE_BYTES || offset + length > this.size)
      return undefined;
    const number = Math.floor(offset / PAGE_BYTES);
    if (number !== this.#lastNumber || this.#lastPage === undefined) {
      this.#lastPage = this.#cache.page(this.#id, number, this.#load);
      this.#lastNumber = number;
    }
    return this.#lastPage;
  }

  close(): void {
    this.#cache.forget(this.#id);
    this.#lastNumber = -1;
    this.#lastPage = undefined;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }

  #readThrough(offset: number, length: number): Uint8Array {
    // Its descriptor may be that of another file by now.
    if (this.#isClosed) throw new TypeError(`${this.path}: read after it was closed`);
    const bytes = new Uint8Array(length + SLACK);
    const wanted = Math.min(length, this.size - offset);
    for (let done = 0; done < wanted; ) {
      const count = readSync(this.#descriptor, bytes, done, wanted - done, offset + done);
      if (count === 0)
        throw new CorruptionError(
          `${this.path}: became shorter while it was read, at ${offset + done}`,
        );
      done += count;
    }
    return bytes;
  }
}
