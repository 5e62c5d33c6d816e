import { assert } from "@linklight/model";
import { floatBits } from "../encoding/float-bits.ts";
import type { SampleTarget } from "./sample-target.ts";
import { decodeXor, SLACK_BYTES } from "./xor-decode.ts";

/** How many samples Prometheus puts into a chunk: two hours at one a minute. */
export const SAMPLES_PER_CHUNK = 120;

/** The largest sample takes 4 + 64 bits of time and 2 + 5 + 6 + 64 bits of value: 19 bytes. */
const LARGEST_SAMPLE_BYTES = 19;

/** Beyond this length Prometheus starts another chunk, whatever the number of samples: 1 KiB less one sample. */
export const MAX_BYTES_BEFORE_APPEND: number = 1024 - LARGEST_SAMPLE_BYTES;

const FIRST_CAPACITY = 128;
/** No bits of the last value can be used again: the value before was equal, or there was none. */
const NO_WINDOW = 0xff;

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
  /** The number of bits written. */
  #position = 16;
  #count = 0;
  #firstTimestamp = 0;
  #timestamp = 0;
  #delta = 0;
  #high = 0;
  #low = 0;
  #leading = NO_WINDOW;
  #trailing = 0;

  get count(): number {
    return this.#count;
  }

  /** The length of the chunk in bytes. */
  get byteLength(): number {
    return (this.#position + 7) >>> 3;
  }

  /** The timestamps of the first and the last sample; 0 while there is none. */
  get minTime(): number {
    return this.#firstTimestamp;
  }

  get maxTime(): number {
    return this.#timestamp;
  }

  /** The chunk as it goes to disk; a view that the next `append` may outdate. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.byteLength);
  }

  /** Forgets all samples and keeps the memory: what `bytes` gave is not valid any more. */
  clear(): void {
    this.#bytes.fill(0, 0, this.byteLength);
    this.#position = 16;
    this.#count = 0;
    this.#firstTimestamp = 0;
    this.#timestamp = 0;
    this.#delta = 0;
    this.#leading = NO_WINDOW;
  }

  /** Adds all samples to `into`. */
  decode(into: SampleTarget): void {
    decodeXor(this.#bytes, 0, this.byteLength, into);
  }

  /** Adds a sample, whose timestamp is above the last one. */
  append(timestamp: number, value: number): void {
    assert(this.#count < 65_535, "xor chunk: full");
    if (this.#position > this.#limit) this.#grow();
    floatBits(value, bits);
    const high = bits[0] as number;
    const low = bits[1] as number;
    if (this.#count === 0) {
      this.#firstTimestamp = timestamp;
      this.#writeVarint(timestamp);
      this.#write(high, 32);
      this.#write(low, 32);
    } else {
      const delta = timestamp - this.#timestamp;
      const dod = delta - this.#delta;
      if (this.#count === 1) this.#writeUvarint(delta);
      else if (dod !== 0) this.#writeDeltaOfDelta(dod);
      // A regular sample has a single 0 for its time, which is written together with its value.
      const zeros = this.#count > 1 && dod === 0 ? 1 : 0;
      this.#delta = delta;
      this.#writeXor(high ^ this.#high, low ^ this.#low, zeros);
    }
    this.#timestamp = timestamp;
    this.#high = high;
    this.#low = low;
    this.#count++;
    this.#view.setUint16(0, this.#count);
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#limit = roomFor(larger.length);
  }

  /** Writes the last `count` bits (1 … 32) of a number, the others of which do not matter. */
  #write(value: number, count: number): void {
    this.#writeTop(value << (32 - count), 0, count);
  }

  /**
   * Writes the first `count` bits (0 … 64) of two words; those behind them are zero. All nine bytes that they may touch
   * are written: those behind the end are zero, and the slack is there for them.
   */
  #writeTop(first: number, second: number, count: number): void {
    const byte = this.#position >>> 3;
    const shift = this.#position & 7;
    // Shifting by 32 would shift by nothing, so it is done in two steps.
    const rest = 31 - shift;
    const view = this.#view;
    view.setInt32(byte, (view.getUint8(byte) << 24) | (first >>> shift));
    view.setInt32(byte + 4, ((first << 1) << rest) | (second >>> shift));
    view.setUint8(byte + 8, ((second << 1) << rest) >>> 24);
    this.#position += count;
  }

  #writeUvarint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#write((rest % 0x80) | 0x80, 8);
    this.#write(rest, 8);
  }

  /** The lowest bit is the sign, so the first byte is made apart: twice the number may be beyond 2^53. */
  #writeVarint(value: number): void {
    const sign = value < 0 ? 1 : 0;
    const magnitude = sign === 1 ? -(value + 1) : value;
    const first = (magnitude % 64) * 2 + sign;
    this.#write(magnitude < 64 ? first : first | 0x80, 8);
    if (magnitude >= 64) this.#writeUvarint(Math.floor(magnitude / 64));
  }

  // By size: 10 + 14 bits, 110 + 17, 1110 + 20, 1111 + 64.
  #writeDeltaOfDelta(dod: number): void {
    if (dod >= -8191 && dod <= 8192) this.#write((0b10 << 14) | (dod & 0x3fff), 16);
    else if (dod >= -65_535 && dod <= 65_536) this.#write((0b110 << 17) | (dod & 0x1ffff), 20);
    else if (dod >= -524_287 && dod <= 524_288) this.#write((0b1110 << 20) | (dod & 0xfffff), 24);
    else {
      this.#write(0b1111, 4);
      this.#write(Math.floor(dod / 4_294_967_296), 32);
      this.#write(dod % 4_294_967_296, 32);
    }
  }

  // 0 → equal; 10 + the bits in the window of the value before; 11 + 5 bits of leading zeros, 6 of length, the bits.
  // `zeros` bits (0 or 1) of 0 come first.
  #writeXor(high: number, low: number, zeros: number): void {
    if ((high | low) === 0) {
      // What is not written yet is zero.
      this.#position += zeros + 1;
      return;
    }
    const clear = high === 0 ? 32 + Math.clz32(low) : Math.clz32(high);
    const leading = clear > 31 ? 31 : clear;
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    if (this.#leading !== NO_WINDOW && leading >= this.#leading && trailing >= this.#trailing) {
      this.#writeSignificant(0b10, zeros + 2, high, low);
    } else {
      this.#leading = leading;
      this.#trailing = trailing;
      // 64 does not fit in 6 bits, and 0 does not occur.
      const length = (64 - leading - trailing) & 63;
      this.#writeSignificant((0b11 << 11) | (leading << 6) | length, zeros + 13, high, low);
    }
  }

  /** Writes `count` bits (2 … 14) of control, and the bits of the window behind them. */
  #writeSignificant(control: number, count: number, high: number, low: number): void {
    const leading = this.#leading;
    const significant = 64 - leading - this.#trailing;
    // The window moved to the top: below it are only zeros, and at most 31 above it.
    const upper = (high << leading) | ((low >>> 1) >>> (31 - leading));
    const lower = low << leading;
    const first = (control << (32 - count)) | (upper >>> count);
    const second = (upper << (32 - count)) | (lower >>> count);
    const beyond = count + significant - 64;
    if (beyond <= 0) {
      this.#writeTop(first, second, count + significant);
    } else {
      this.#writeTop(first, second, 64);
      this.#writeTop(lower << (32 - count), 0, beyond);
    }
  }
}

/** How many bits there may be in so many bytes, when the largest sample and the slack are to fit behind them. */
function roomFor(bytes: number): number {
  return 8 * (bytes - LARGEST_SAMPLE_BYTES - SLACK_BYTES);
}

/** The zeros below the lowest one of a word that is not 0. */
function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
