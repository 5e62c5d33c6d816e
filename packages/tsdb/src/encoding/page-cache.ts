/** Pages are read whole: large enough that neighbours come along, small enough to read within a fraction of a millisecond. */
export const PAGE_BYTES: number = 64 * 1024;

/** A file has at most this many pages, 4 TiB: the key of a page is one number. */
const PAGES_PER_FILE = 2 ** 26;

/**
 * The pages of files that were read last, up to a number of bytes: what keeps reading of blocks within bounds,
 * however many there are. One for a database.
 */
export class PageCache {
  readonly #maxPages: number;
  /** Oldest first: a Map keeps the order of insertion. */
  readonly #pages = new Map<number, Uint8Array>();
  #files = 0;

  constructor(maxBytes: number = 64 * 1024 * 1024) {
    this.#maxPages = Math.max(1, Math.floor(maxBytes / PAGE_BYTES));
  }

  /** A number for a file that is opened: no other file of this cache has it. */
  register(): number {
    return this.#files++;
  }

  /** A page, read by `load` when it is not there. */
  page(file: number, page: number, load: (page: number) => Uint8Array): Uint8Array {
    const key = file * PAGES_PER_FILE + page;
    let bytes = this.#pages.get(key);
    if (bytes === undefined) {
      bytes = load(page);
      if (this.#pages.size >= this.#maxPages)
        this.#pages.delete(this.#pages.keys().next().value as number);
    } else {
      this.#pages.delete(key);
    }
    this.#pages.set(key, bytes);
    return bytes;
  }

  /** Forgets all pages of a file that is closed. */
  forget(file: number): void {
    for (const key of this.#pages.keys())
      if (Math.floor(key / PAGES_PER_FILE) === file) this.#pages.delete(key);
  }
}
