import type { SampleTarget } from "./sample-target.ts";
import type { Interval } from "./trim.ts";
import { decodeXor, SLACK_BYTES } from "./xor-decode.ts";

/** Chunks that are closed at about the same time share a piece of memory, and are forgotten at about the same time. */
const SLAB_BYTES = 64 * 1024;

/** A chunk that takes no more samples: `length` bytes from `start` on, with slack behind them, and the times of its samples. */
export class ClosedChunk implements Interval {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly count: number;

  constructor(
    place: { readonly bytes: Uint8Array; readonly start: number; readonly length: number },
    samples: Interval & { readonly count: number },
  ) {
    this.bytes = place.bytes;
    this.start = place.start;
    this.length = place.length;
    this.minTime = samples.minTime;
    this.maxTime = samples.maxTime;
    this.count = samples.count;
  }

  /** Adds all samples to `into`. */
  decode(into: SampleTarget): void {
    decodeXor(this.bytes, this.start, this.length, into);
  }
}

/** Copies chunks side by side into pieces of memory, each of which stays as long as one of its chunks does. */
export class ClosedChunkMemory {
  #slab = new Uint8Array(0);
  #end = 0;

  /** Copies the `length` bytes of a chunk from `start` on. */
  copy(
    bytes: Uint8Array,
    start: number,
    length: number,
    samples: Interval & { readonly count: number },
  ): ClosedChunk {
    if (this.#end + length + SLACK_BYTES > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB_BYTES, length + SLACK_BYTES));
      this.#end = 0;
    }
    const place = { bytes: this.#slab, start: this.#end, length };
    this.#slab.set(bytes.subarray(start, start + length), this.#end);
    // What follows is the next chunk: a reader does not mind.
    this.#end += length;
    return new ClosedChunk(place, samples);
  }
}
