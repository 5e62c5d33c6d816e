import { type Latin1Buffer, latin1Buffer } from "./latin1.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/**
 * Encodes one protobuf message, backwards: the last field first, and each field from its end. So the
 * length of a message in a message is known by the time it is written.
 *
 * ```
 * free ……………… | field 1 | field 2 |
 *              start               end of the buffer
 * ```
 */
export class ProtobufEncoder {
  #buffer: Latin1Buffer = latin1Buffer(4096);
  #view: DataView = viewOf(this.#buffer);
  #start: number = this.#buffer.length;

  /** Forgets what was encoded. */
  reset(): void {
    this.#start = this.#buffer.length;
  }

  /** How many bytes are encoded: before fields are added, the mark that {@link message} takes. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** What was encoded, as a view that lasts until the next reset. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start);
  }

  /** Turns what was encoded since the mark into the message in a field. */
  message(field: number, mark: number): void {
    this.#varint(this.length - mark);
    this.#tag(field, LENGTH_DELIMITED);
  }

  /** A string or a message whose bytes are the characters of a text. */
  text(field: number, latin1: string): void {
    this.raw(latin1);
    this.#varint(latin1.length);
    this.#tag(field, LENGTH_DELIMITED);
  }

  /** Fields that are encoded already, as the characters of a text. */
  raw(latin1: string): void {
    this.#grow(latin1.length);
    this.#start -= latin1.length;
    this.#buffer.latin1Write(latin1, this.#start);
  }

  double(field: number, value: number): void {
    this.#grow(8);
    this.#start -= 8;
    this.#view.setFloat64(this.#start, value, true);
    this.#tag(field, FIXED64);
  }

  /** A uint64 that is not negative, or a number of an enum. */
  unsigned(field: number, value: number): void {
    this.#varint(value);
    this.#tag(field, VARINT);
  }

  /** An int64: negative numbers take ten bytes. */
  signed(field: number, value: number): void {
    if (value < 0) this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
    else this.#varint(value);
    this.#tag(field, VARINT);
  }

  /** A sint32 or sint64: 0, −1, 1, −2 … are counted through. */
  zigzag(field: number, value: number): void {
    // Beyond 2^52 twice the value is no exact double.
    if (Math.abs(value) >= 2 ** 52) {
      const doubled = 2n * BigInt(value);
      this.#bigVarint(value < 0 ? -doubled - 1n : doubled);
    } else {
      this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
    }
    this.#tag(field, VARINT);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    const size = varintSize(value);
    this.#grow(size);
    this.#start -= size;
    writeVarint(this.#buffer, this.#start, value);
  }

  #bigVarint(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value; rest > 0n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes[bytes.length - 1] = (bytes.at(-1) as number) & 0x7f;
    this.raw(String.fromCharCode(...bytes));
  }

  #grow(bytes: number): void {
    if (this.#start >= bytes) return;
    const { length } = this;
    const larger = latin1Buffer(2 * this.#buffer.length + bytes);
    larger.set(this.bytes, larger.length - length);
    this.#buffer = larger;
    this.#view = viewOf(larger);
    this.#start = larger.length - length;
  }
}

function viewOf(buffer: Uint8Array): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** How many bytes a varint takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

/** Writes a whole number from 0 to 2^53 as a varint and returns the position behind it. */
export function writeVarint(buffer: Uint8Array, at: number, value: number): number {
  let p = at;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[p++] = (rest % 0x80) | 0x80;
  buffer[p] = rest;
  return p + 1;
}
