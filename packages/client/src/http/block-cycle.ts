/** While a stream has one block, the next is filled. */
const BLOCKS = 2;

/**
 * The blocks that one page is sent in, again and again: taken to be filled, given back when the stream
 * they were written to is done with them. Made when first needed.
 */
export class BlockCycle {
  readonly #size: number;
  readonly #free: Uint8Array[] = [];
  #made = 0;
  #waiting: (() => void) | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  /** A block that nobody uses, undefined when all are under way. */
  take(): Uint8Array | undefined {
    const free = this.#free.pop();
    if (free !== undefined || this.#made === BLOCKS) return free;
    this.#made += 1;
    return Buffer.allocUnsafeSlow(this.#size);
  }

  giveBack(block: Uint8Array): void {
    this.#free.push(block);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  /** Calls back once, when the next block is given back. For one caller at a time. */
  whenFree(callback: () => void): void {
    this.#waiting = callback;
  }
}
