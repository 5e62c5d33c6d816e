const MOST_PATTERNS = 1_000;

/** A compiled pattern takes memory in proportion to its text: in all, not more than a mebi of it is kept. */
const MOST_TEXT = 2 ** 20;

/**
 * What was compiled lately, by its text: bounded in number and in the length of the texts; what was used
 * longest ago leaves first.
 */
export class PatternCache<T> {
  // A Map iterates in the order of insertion: what is used goes to the end.
  readonly #entries = new Map<string, T>();
  #textLength = 0;

  get size(): number {
    return this.#entries.size;
  }

  get(text: string): T | undefined {
    const found = this.#entries.get(text);
    if (found === undefined) return undefined;
    this.#entries.delete(text);
    this.#entries.set(text, found);
    return found;
  }

  set(text: string, compiled: T): void {
    if (text.length > MOST_TEXT) return;
    if (!this.#entries.has(text)) this.#textLength += text.length;
    this.#entries.set(text, compiled);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_PATTERNS && this.#textLength <= MOST_TEXT) return;
      this.#entries.delete(oldest);
      this.#textLength -= oldest.length;
    }
  }
}
