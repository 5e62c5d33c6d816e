import { assert } from "@linklight/model";
import { floatBits } from "../encoding/float-bits.ts";
import type { SampleTarget } from "./sample-target.ts";
import { decodeXor, SLACK_BYTES } from "./xor-decode.ts";
import {
  COUNT,
  encodeXor,
  FIRST_TIME,
  LARGEST_SAMPLE_BYTES,
  LAST_TIME,
  POSITION,
  STATE_FLOATS,
} from "./xor-encode.ts";

/** How many samples Prometheus puts into a chunk: two hours at one a minute. */
export const SAMPLES_PER_CHUNK = 120;

/** Beyond this length Prometheus starts another chunk, whatever the number of samples: 1 KiB less one sample. */
export const MAX_BYTES_BEFORE_APPEND: number = 1024 - LARGEST_SAMPLE_BYTES;

const FIRST_CAPACITY = 128;

const bits = new Int32Array(2);

/**
 * An XOR chunk: samples of one series, delta-of-delta timestamps and XOR-ed values (docs/formats/chunks.md).
 *
 * Append-only. Timestamps are whole milliseconds and ascend: the caller has checked that. What `bytes` gave
 * stays valid, but does not grow.
 */
export class XorChunk {
  #bytes = new Uint8Array(FIRST_CAPACITY + SLACK_BYTES);
  #view = new DataView(this.#bytes.buffer);
  /** Behind this many bits there is no room for another sample. */
  #limit = roomFor(FIRST_CAPACITY + SLACK_BYTES);
  readonly #floats = new Float64Array(STATE_FLOATS);
  readonly #words = new Int32Array(this.#floats.buffer);

  get count(): number {
    return this.#words[COUNT] as number;
  }

  /** The length of the chunk in bytes. */
  get byteLength(): number {
    return byteLengthOf(this.#words, 0);
  }

  /** The timestamps of the first and the last sample; 0 while there is none. */
  get minTime(): number {
    return this.#floats[FIRST_TIME] as number;
  }

  get maxTime(): number {
    return this.#floats[LAST_TIME] as number;
  }

  /** The chunk as it goes to disk; a view that the next `append` may outdate. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.byteLength);
  }

  /** Forgets all samples and keeps the memory: what `bytes` gave is not valid any more. */
  clear(): void {
    this.#bytes.fill(0, 0, this.byteLength);
    this.#floats.fill(0);
  }

  /** Adds all samples to `into`. */
  decode(into: SampleTarget): void {
    decodeXor(this.#bytes, 0, this.byteLength, into);
  }

  /** Adds a sample, whose timestamp is above the last one. */
  append(timestamp: number, value: number): void {
    assert(this.count < 65_535, "xor chunk: full");
    if ((this.#words[POSITION] as number) > this.#limit) this.#grow();
    floatBits(value, bits);
    const high = bits[0] as number;
    const low = bits[1] as number;
    encodeXor(this.#floats, this.#words, 0, this.#view, 0, timestamp, high, low);
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#limit = roomFor(larger.length);
  }
}

/** The length in bytes of the chunk whose state is at word `word`: two while it is empty. */
export function byteLengthOf(words: Int32Array, word: number): number {
  return Math.max(2, ((words[word + POSITION] as number) + 7) >>> 3);
}

/** How many bits there may be in so many bytes, when the largest sample and the slack are to fit behind them. */
export function roomFor(bytes: number): number {
  return 8 * (bytes - LARGEST_SAMPLE_BYTES - SLACK_BYTES);
}
