/** Pages are read whole: large enough that neighbours come along, small enough to read within a fraction of a millisecond. */
export const PAGE_BYTES: number = 64 * 1024;

/** Two stretches that checksums guard never begin within fewer bytes: length, something, checksum. */
const PLACE_BYTES = 8;

/** A page of a file, and which stretches of it were compared with their checksums since it was read. */
export class Page {
  readonly bytes: Uint8Array;
  /** Element i: 1 + where within its eight bytes a stretch begins whose checksum was right, or 0. */
  readonly #checked = new Uint8Array(PAGE_BYTES / PLACE_BYTES);

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  isChecked(start: number): boolean {
    return this.#checked[Math.floor(start / PLACE_BYTES)] === 1 + (start % PLACE_BYTES);
  }

  markChecked(start: number): void {
    this.#checked[Math.floor(start / PLACE_BYTES)] = 1 + (start % PLACE_BYTES);
  }
}

/** What a page takes in memory. */
const BYTES_WITH_MARKS = PAGE_BYTES + PAGE_BYTES / PLACE_BYTES;

/**
 * How much a database keeps of its blocks: twelve hours of 10,000 series at 15 s are 125 MB of chunks. A query that reads
 * more than fits finds none of it the next time, since the oldest pages go first.
 */
export const DEFAULT_CACHE_BYTES: number = 256 * 1024 * 1024;

/** A file has at most this many pages, 4 TiB: the key of a page is one number. */
const PAGES_PER_FILE = 2 ** 26;

/**
 * The pages of files that were read last, up to a number of bytes: what keeps reading of blocks within bounds,
 * however many there are. One for a database.
 */
export class PageCache {
  readonly #maxPages: number;
  /** Oldest first: a Map keeps the order of insertion. */
  readonly #pages = new Map<number, Page>();
  #files = 0;

  constructor(maxBytes: number = DEFAULT_CACHE_BYTES) {
    this.#maxPages = Math.max(1, Math.floor(maxBytes / BYTES_WITH_MARKS));
  }

  /** A number for a file that is opened: no other file of this cache has it. */
  register(): number {
    return this.#files++;
  }

  /** A page, read by `load` when it is not there. */
  page(file: number, page: number, load: (page: number) => Uint8Array): Page {
    const key = file * PAGES_PER_FILE + page;
    let found = this.#pages.get(key);
    if (found === undefined) {
      found = new Page(load(page));
      if (this.#pages.size >= this.#maxPages)
        this.#pages.delete(this.#pages.keys().next().value as number);
    } else {
      this.#pages.delete(key);
    }
    this.#pages.set(key, found);
    return found;
  }

  /** Forgets all pages of a file that is closed. */
  forget(file: number): void {
    for (const key of this.#pages.keys())
      if (Math.floor(key / PAGES_PER_FILE) === file) this.#pages.delete(key);
  }
}
