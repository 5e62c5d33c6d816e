import { ByteBlocks } from "./byte-blocks.ts";
import { ClosedChunkMemory } from "./closed-chunks.ts";
import { STATE_FLOATS } from "./xor-encode.ts";

/** 16 KiB of states. */
const PAGE_BITS = 8;
const STATES_PER_PAGE: number = 1 << PAGE_BITS;

/** Where the chunks of a head's series lie: bytes side by side, instead of arrays for each. */
export class ChunkMemory {
  /** What open chunks take. */
  readonly blocks: ByteBlocks = new ByteBlocks();
  readonly closed: ClosedChunkMemory = new ClosedChunkMemory();
  readonly #pages = new Map<number, StatePage>();

  /** How many pages of states are held. */
  get pageCount(): number {
    return this.#pages.size;
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
