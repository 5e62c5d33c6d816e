import { AssertionError } from "@linklight/model";
import { floatBits } from "./float-bits.ts";

const bits = new Int32Array(2);
const text = new TextEncoder();

/**
 * Bytes that grow, in the encodings that all parts of the format share: big-endian integers, LEB128 varints
 * (signed ones by zigzag), strings with their length before them. Whole numbers go up to 2^53.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; a view that the next write may outdate. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written, or all from `length` on, and keeps the memory. */
  clear(length = 0): void {
    if (length > this.#length)
      throw new AssertionError(`byte writer: cannot be cut at ${length} of ${this.#length}`);
    this.#length = length;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }

  /** Sixty-four bits of a whole number, negative ones as their two's complement. */
  i64(value: number): void {
    this.u32(Math.floor(value / 4_294_967_296));
    this.u32(value % 4_294_967_296);
  }

  /** The 64 bits of a float, NaNs as {@link floatBits} says. */
  f64(value: number): void {
    this.#reserve(8);
    if (Number.isNaN(value)) {
      floatBits(value, bits);
      this.#view.setInt32(this.#length, bits[0] as number);
      this.#view.setInt32(this.#length + 4, bits[1] as number);
    } else {
      this.#view.setFloat64(this.#length, value);
    }
    this.#length += 8;
  }

  uvarint(value: number): void {
    this.#reserve(10);
    let rest = value;
    // Beyond 31 bits there are no shifts.
    for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 0x80))
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  /** The lowest bit is the sign. Of a large number the first byte is made apart: twice it may be beyond 2^53. */
  varint(value: number): void {
    if (value >= -0x4000_0000 && value < 0x4000_0000) {
      this.uvarint((value << 1) ^ (value >> 31));
      return;
    }
    const sign = value < 0 ? 1 : 0;
    const magnitude = sign === 1 ? -(value + 1) : value;
    const first = (magnitude % 64) * 2 + sign;
    this.u8(magnitude < 64 ? first : first | 0x80);
    if (magnitude >= 64) this.uvarint(Math.floor(magnitude / 64));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A string in UTF-8, its length in bytes before it. */
  string(value: string): void {
    // Three bytes are the most that a UTF-16 unit becomes; the length in front is known only afterwards.
    this.#reserve(10 + 3 * value.length);
    const { written } = text.encodeInto(value, this.#bytes.subarray(this.#length + 10));
    const start = this.#length + 10;
    this.uvarint(written);
    this.#bytes.copyWithin(this.#length, start, start + written);
    this.#length += written;
  }

  /** Overwrites four bytes that are already there: lengths and counts known only later. */
  patchU32(offset: number, value: number): void {
    if (offset + 4 > this.#length)
      throw new AssertionError(`byte writer: nothing at ${offset} to patch`);
    this.#view.setUint32(offset, value);
  }

  /** Zeros up to the next multiple of `alignment`. */
  pad(alignment: number): void {
    while (this.#length % alignment !== 0) this.u8(0);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.bytes());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
