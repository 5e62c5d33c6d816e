import { Buffer, isUtf8 } from "node:buffer";
import { ExpositionError } from "../entry-parser.ts";

/** Wire type, the low three bits of a tag: a varint follows. */
export const VARINT = 0;
/** Wire type: eight bytes follow. */
export const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const LONGEST_VARINT = 10;
const REPLACEMENT_CHARACTER = "\ufffd";

/**
 * Reads protobuf fields from bytes, never past the end of the message that the caller names.
 *
 * ```
 * message = *( tag value )        tag = varint( field << 3 | wire type )
 * value   = varint | 8 bytes | 4 bytes | varint( length ) bytes
 * ```
 * Lengths are judged before anything is allocated for them.
 */
export class ProtobufReader {
  readonly bytes: Buffer;
  position = 0;
  /** The field that `next` found, and its wire type. */
  field = 0;
  wire = 0;
  /** The number of the delimited message being read, for errors. */
  message = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads the tag of the next field of a message that ends at `end`; false at its end. */
  next(end: number): boolean {
    if (this.position >= end) return false;
    const at = this.position;
    const tag = this.varint(end);
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field === 0 || this.field > 0x1fffffff)
      this.fail(`invalid field number ${this.field}`, at);
    return true;
  }

  /** An unsigned varint. Beyond 2^53 the nearest double is given. */
  varint(end: number): number {
    const { bytes } = this;
    const start = this.position;
    let value = 0;
    let scale = 1;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.position = i + 1;
        return value;
      }
      if (i - start === LONGEST_VARINT - 1) this.fail("a varint is longer than 10 bytes", start);
      scale *= 128;
    }
    return this.fail("a varint is cut off by the end of its message", start);
  }

  /** A field of type uint32, uint64 or an enum. */
  unsigned(end: number): number {
    this.expect(VARINT);
    return this.varint(end);
  }

  /** A field of type int64: two's complement in ten bytes when it is negative. */
  signed(end: number): number {
    this.expect(VARINT);
    const start = this.position;
    const value = this.varint(end);
    if (value < 2 ** 63) return value;
    // Too large for a double to be exact: the bytes hold 2^64 less than meant.
    let exact = 0n;
    for (let i = this.position - 1; i >= start; i--)
      exact = (exact << 7n) | BigInt((this.bytes[i] as number) & 0x7f);
    return Number(BigInt.asIntN(64, exact));
  }

  /** The bytes of a sint32 or sint64. */
  zigzag(end: number): number {
    const value = this.varint(end);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A field of type sint32 or sint64. */
  signedZigzag(end: number): number {
    this.expect(VARINT);
    return this.zigzag(end);
  }

  double(end: number): number {
    this.expect(FIXED64);
    return this.fixed64(end);
  }

  /** Eight bytes as a double. */
  fixed64(end: number): number {
    const at = this.position;
    if (end - at < 8) this.fail("a double is cut off by the end of its message", at);
    this.position = at + 8;
    return this.bytes.readDoubleLE(at);
  }

  /** The end of a length-delimited field, which begins at `position`. */
  delimited(end: number): number {
    this.expect(LENGTH_DELIMITED);
    return this.block(end);
  }

  /** Reads a length; the end of the bytes it announces. */
  block(end: number): number {
    const at = this.position;
    const length = this.varint(end);
    if (length > end - this.position)
      this.fail(`a length of ${length} bytes, but only ${end - this.position} are left`, at);
    return this.position + length;
  }

  string(end: number): string {
    const stop = this.delimited(end);
    const start = this.position;
    this.position = stop;
    const text = this.bytes.toString("utf8", start, stop);
    if (text.includes(REPLACEMENT_CHARACTER) && !isUtf8(this.bytes.subarray(start, stop)))
      this.fail("a text is not valid UTF-8", start);
    return text;
  }

  /** Elements of a repeated number field, packed or one by one, appended to `list`. */
  repeated(end: number, list: number[], wire: number, read: (end: number) => number): void {
    if (this.wire === wire) {
      list.push(read.call(this, end));
      return;
    }
    const stop = this.delimited(end);
    while (this.position < stop) list.push(read.call(this, stop));
  }

  /** Passes over the value of a field that nobody asked for. */
  skip(end: number): void {
    const at = this.position;
    if (this.wire === VARINT) this.varint(end);
    else if (this.wire === LENGTH_DELIMITED) this.position = this.block(end);
    else if (this.wire === FIXED64 || this.wire === FIXED32)
      this.position = at + (this.wire === FIXED64 ? 8 : 4);
    else this.fail(`field ${this.field} has the unknown wire type ${this.wire}`, at);
    if (this.position > end)
      this.fail(`field ${this.field} is cut off by the end of its message`, at);
  }

  fail(problem: string, at: number = this.position): never {
    throw new ExpositionError(problem, this.message, at);
  }

  private expect(wire: number): void {
    if (this.wire !== wire)
      this.fail(`field ${this.field} has wire type ${this.wire}: expected ${wire}`);
  }
}
