/** As many entries lie in one page: a power of two, so that the last bits of a key are its place, also beyond 2^32. */
const PAGE_SIZE = 256;

interface Page<T> {
  readonly entries: (T | undefined)[];
  count: number;
}

/**
 * What belongs to numbers that are given out one after the other, such as refs: a Map for them takes several times
 * the memory, and looking up has to hash. A page whose entries are all gone is given back.
 */
export class PagedTable<T> {
  readonly #pages = new Map<number, Page<T>>();
  /** The page that was looked up last: neighbours come together. */
  #last: Page<T> | undefined;
  #lastNumber = -1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many pages are held. */
  get pageCount(): number {
    return this.#pages.size;
  }

  get(key: number): T | undefined {
    const number = Math.floor(key / PAGE_SIZE);
    if (number !== this.#lastNumber) {
      this.#last = this.#pages.get(number);
      this.#lastNumber = number;
    }
    return this.#last?.entries[key & (PAGE_SIZE - 1)];
  }

  has(key: number): boolean {
    return this.get(key) !== undefined;
  }

  set(key: number, value: T): void {
    const number = Math.floor(key / PAGE_SIZE);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { entries: new Array<T | undefined>(PAGE_SIZE).fill(undefined), count: 0 };
      this.#pages.set(number, page);
      this.#lastNumber = -1;
    }
    if (page.entries[key & (PAGE_SIZE - 1)] === undefined) {
      page.count++;
      this.#size++;
    }
    page.entries[key & (PAGE_SIZE - 1)] = value;
  }

  delete(key: number): void {
    const number = Math.floor(key / PAGE_SIZE);
    const page = this.#pages.get(number);
    if (page?.entries[key & (PAGE_SIZE - 1)] === undefined) return;
    page.entries[key & (PAGE_SIZE - 1)] = undefined;
    page.count--;
    this.#size--;
    if (page.count > 0) return;
    this.#pages.delete(number);
    this.#lastNumber = -1;
  }

  /** All that is there, page by page. What is deleted meanwhile does not come any more. */
  *values(): Generator<T> {
    for (const { entries } of this.#pages.values())
      for (const entry of entries) if (entry !== undefined) yield entry;
  }
}
