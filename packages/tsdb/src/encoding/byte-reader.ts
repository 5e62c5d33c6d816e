import { CorruptionError, NumberRangeError } from "./corruption.ts";
import { HIGH_WORD, LOW_WORD } from "./float-bits.ts";
import type { TextCache } from "./text-cache.ts";

const TWO_32 = 4_294_967_296;
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** What is read, for error messages: `index, symbol table`. A function where making it costs more than reading. */
export type Place = string | (() => string);

const text = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads what a `ByteWriter` wrote, from a stretch of bytes that nobody changes meanwhile. Every method moves on;
 * all throw CorruptionError, with the place, when the bytes end too early, and NumberRangeError when a number is beyond 2^53.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #what: Place;
  #position: number;

  constructor(bytes: Uint8Array, what: Place, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#what = what;
    this.#position = start;
    this.#end = end;
    if (end > bytes.length)
      throw new CorruptionError(
        `${placeText(what)}: ends at ${end}, but there are ${bytes.length} bytes`,
      );
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#end - this.#position;
  }

  skip(count: number): void {
    this.#take(count);
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  u32(): number {
    return readUint32(this.#bytes, this.#take(4));
  }

  i64(): number {
    const at = this.#take(8);
    const high = readUint32(this.#bytes, at) | 0;
    return this.#whole(high * TWO_32 + readUint32(this.#bytes, at + 4), at);
  }

  u64(): number {
    const at = this.#take(8);
    const high = readUint32(this.#bytes, at);
    return this.#whole(high * TWO_32 + readUint32(this.#bytes, at + 4), at);
  }

  /** A float by its bits; what becomes of a staleness marker's is for the caller to mind: see `isStaleMarker`. */
  f64(): number {
    const at = this.#take(8);
    words[HIGH_WORD] = readUint32(this.#bytes, at);
    words[LOW_WORD] = readUint32(this.#bytes, at + 4);
    return float[0] as number;
  }

  /** Puts the bits of a float at a place of a column: as a number they might change, where it is a NaN. */
  f64Into(column: Uint32Array, i: number): void {
    const at = this.#take(8);
    column[2 * i + HIGH_WORD] = readUint32(this.#bytes, at);
    column[2 * i + LOW_WORD] = readUint32(this.#bytes, at + 4);
  }

  uvarint(): number {
    const short = this.#shortUvarint();
    if (short >= 0) return short;
    const at = this.#position;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = this.u8();
      value += (next & 0x7f) * scale;
      if (next < 0x80) return this.#whole(value, at);
      if (this.#position - at >= 10) throw this.#corrupt(at, "a varint is longer than ten bytes");
    }
  }

  varint(): number {
    const short = this.#shortUvarint();
    if (short >= 0) return (short >>> 1) ^ -(short & 1);
    const first = this.u8();
    const low = (first & 0x7f) >> 1;
    const magnitude = first < 0x80 ? low : this.uvarint() * 64 + low;
    if (magnitude > Number.MAX_SAFE_INTEGER) throw this.#tooLarge(this.#position, "a varint");
    return (first & 1) === 1 ? -magnitude - 1 : magnitude;
  }

  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  string(): string {
    return text.decode(this.raw(this.uvarint()));
  }

  /** The same out of a cache. */
  cachedString(cache: TextCache): string {
    const length = this.uvarint();
    const at = this.#take(length);
    return cache.text(this.#bytes, at, at + length);
  }

  /** A varint of at most three bytes, as nearly all are, with another byte behind it; −1, and nothing read, for others. */
  #shortUvarint(): number {
    const bytes = this.#bytes;
    const at = this.#position;
    if (at + 3 >= this.#end) return -1;
    const first = bytes[at] as number;
    if (first < 0x80) {
      this.#position = at + 1;
      return first;
    }
    const second = bytes[at + 1] as number;
    if (second < 0x80) {
      this.#position = at + 2;
      return (first & 0x7f) | (second << 7);
    }
    const third = bytes[at + 2] as number;
    if (third >= 0x80) return -1;
    this.#position = at + 3;
    return (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
  }

  #whole(value: number, at: number): number {
    if (!Number.isSafeInteger(value)) throw this.#tooLarge(at, `${value}`);
    return value;
  }

  #take(count: number): number {
    const at = this.#position;
    if (count < 0 || at + count > this.#end)
      throw this.#corrupt(at, `needs ${count} bytes, ${this.#end - at} are left`);
    this.#position = at + count;
    return at;
  }

  #tooLarge(at: number, what: string): NumberRangeError {
    return new NumberRangeError(`${placeText(this.#what)}: at byte ${at}: ${what} is beyond 2^53`);
  }

  #corrupt(at: number, why: string): CorruptionError {
    return new CorruptionError(`${placeText(this.#what)}: at byte ${at}: ${why}`);
  }
}

/** An unsigned integer of four bytes, the highest first. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

export function placeText(place: Place): string {
  return typeof place === "string" ? place : place();
}
