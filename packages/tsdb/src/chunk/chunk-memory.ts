import { ByteBlocks } from "./byte-blocks.ts";
import { ClosedChunkMemory } from "./closed-chunks.ts";
import { STATE_FLOATS } from "./xor-encode.ts";

/** 16 KiB of states. */
const PAGE_BITS = 8;
const STATES_PER_PAGE: number = 1 << PAGE_BITS;

/**
 * Where the chunks of a head's series lie: bytes side by side, instead of arrays for each, which take 400 bytes for
 * themselves (a series of 20 samples: 0.4 kB of heap and 0.4 kB beside it, 1.6 kB and 0.5 kB before; Node 20, x64).
 */
export class ChunkMemory {
  /** What open chunks take. */
  readonly blocks: ByteBlocks = new ByteBlocks();
  readonly closed: ClosedChunkMemory = new ClosedChunkMemory();
  readonly #pages = new Map<number, StatePage>();

  /** What open chunks and their states take, in bytes: a multiple of the pieces that they share. */
  get openBytes(): number {
    return this.blocks.byteLength + this.#pages.size * STATES_PER_PAGE * 8 * STATE_FLOATS;
  }

  /** The page of a slot's state, for a new series. */
  take(slot: number): StatePage {
    const number = slot >>> PAGE_BITS;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new StatePage(this);
      this.#pages.set(number, page);
    }
    page.used++;
    return page;
  }

  /** Gives a slot's state back, which is not looked up any more. */
  release(slot: number): void {
    const page = this.#pages.get(slot >>> PAGE_BITS);
    if (page !== undefined && --page.used === 0) this.#pages.delete(slot >>> PAGE_BITS);
  }
}

/** The states of encoders (`xor-encode.ts`) of series that were made one after the other. */
export class StatePage {
  readonly memory: ChunkMemory;
  readonly floats: Float64Array = new Float64Array(STATES_PER_PAGE * STATE_FLOATS);
  readonly words: Int32Array = new Int32Array(this.floats.buffer);
  /** How many series have their state here. */
  used = 0;

  constructor(memory: ChunkMemory) {
    this.memory = memory;
  }
}

/** At which float of its page the state of a slot begins. */
export function stateOf(slot: number): number {
  return (slot & (STATES_PER_PAGE - 1)) * STATE_FLOATS;
}
