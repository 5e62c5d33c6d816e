import { ByteBlocks } from "./byte-blocks.ts";
import { ClosedChunkMemory } from "./closed-chunks.ts";
import { STATE_FLOATS } from "./xor-encode.ts";

/** 16 KiB of states. */
const STATES_PER_PAGE = 256;

/** Where the chunks of a head's series lie: bytes side by side, instead of arrays for each. */
export class ChunkMemory {
  /** What open chunks take. */
  readonly blocks: ByteBlocks = new ByteBlocks();
  readonly closed: ClosedChunkMemory = new ClosedChunkMemory();
  #page = new StatePage(this);
  #used = 0;

  /** A state of zeros for a new series: its page, and at which float of the page it begins. */
  newState(): { readonly page: StatePage; readonly start: number } {
    if (this.#used === STATES_PER_PAGE) {
      // The series keep the page before for as long as there are any.
      this.#page = new StatePage(this);
      this.#used = 0;
    }
    return { page: this.#page, start: STATE_FLOATS * this.#used++ };
  }
}

/** The states of encoders (`xor-encode.ts`) of series that were made one after the other. */
export class StatePage {
  readonly memory: ChunkMemory;
  readonly floats: Float64Array = new Float64Array(STATES_PER_PAGE * STATE_FLOATS);
  readonly words: Int32Array = new Int32Array(this.floats.buffer);

  constructor(memory: ChunkMemory) {
    this.memory = memory;
  }
}
