import { assert } from "@linklight/model";
import { CorruptionError } from "../encoding/corruption.ts";
import { HIGH_WORD, LOW_WORD } from "../encoding/float-bits.ts";
import type { SampleTarget } from "./sample-target.ts";

/** Bytes that must follow a chunk in its buffer, whatever they hold: the reader looks ahead a word. */
export const SLACK_BYTES = 8;

const TWO_32 = 4_294_967_296;

/**
 * Adds all samples of an XOR chunk to `into`: `length` bytes of `bytes` from `offset`, with
 * {@link SLACK_BYTES} behind them. Throws CorruptionError when the bits end before the samples do; the target is
 * then as it was. Stops before the first sample, but for the very first of the chunk, that is later than `maxTime`.
 *
 * A whole chunk in one call, and no 64-bit integers: times are doubles, values two words of 32 bits. One look at the
 * chunk serves the control bits of time and value together, which are at most 14 for a regular sample. The bits of a
 * value are taken without asking how many there are: 64 of them, moved to their place below the window's leading
 * zeros, where a mask takes away those that belong to what follows.
 */
export function decodeXor(
  bytes: Uint8Array,
  offset: number,
  length: number,
  into: SampleTarget,
  maxTime: number = Number.POSITIVE_INFINITY,
): void {
  assert(
    offset + length + SLACK_BYTES <= bytes.length,
    `xor chunk: no ${SLACK_BYTES} bytes behind the chunk at ${offset}`,
  );
  if (length < 2) throw new CorruptionError(`xor chunk: ${length} bytes are too few for a header`);
  const view = viewOf(bytes);
  const count = view.getUint16(offset);
  if (count === 0) return;
  const start = into.length;
  into.reserve(start + count);
  const timestamps = into.timestamps;
  const words = wordsOf(into.values);
  const highWord = HIGH_WORD;
  const lowWord = LOW_WORD;
  const last = offset + length;
  const end = 8 * last;

  // The first sample is a varint and eight bytes; the second begins with its distance as a varint.
  const sign = view.getUint8(offset + 2);
  const head = sign < 0x80 ? { value: 0, end: offset + 3 } : readVarint(view, offset + 3, last);
  let byte = head.end;
  const magnitude = head.value * 64 + ((sign & 0x7f) >> 1);
  let time = (sign & 1) === 1 ? -magnitude - 1 : magnitude;
  if (byte + 8 > last) throw endsEarly(0, count);
  let high = view.getInt32(byte);
  let low = view.getInt32(byte + 4);
  byte += 8;
  timestamps[start] = time;
  words[2 * start + highWord] = high;
  words[2 * start + lowWord] = low;
  if (count === 1) {
    into.length = start + 1;
    return;
  }
  const second = readVarint(view, byte, last);
  let delta = second.value;
  let position = 8 * second.end;
  let leading = 0;
  let significant = 0;
  let highMask = 0;
  let lowMask = 0;
  // At least the next 24 bits, at the top.
  let control = position < end ? look(view, position) : 0;

  for (let i = start + 1; ; ) {
    if (position >= end) throw endsEarly(i - start, count);
    time += delta;
    if (time > maxTime) {
      into.length = i;
      return;
    }
    timestamps[i] = time;

    // The value.
    if (control >= 0) {
      position += 1;
    } else {
      if ((control & 0x40000000) === 0) {
        position += 2;
      } else {
        leading = (control >>> 25) & 31;
        significant = (control >>> 19) & 63;
        if (significant === 0) significant = 64;
        const trailing = 64 - leading - significant;
        if (trailing < 0)
          throw new CorruptionError(
            `xor chunk: ${leading} leading zeros and ${significant} bits are more than 64`,
          );
        highMask = trailing > 32 ? -1 << (trailing - 32) : -1;
        lowMask = trailing < 32 ? -1 << trailing : 0;
        position += 13;
      }
      if (position + significant > end) throw endsEarly(i - start, count);
      // There is no window yet where a broken chunk uses the one before.
      if (significant > 0) {
        byte = position >>> 3;
        const shift = position & 7;
        const middle = view.getInt32(byte + 4);
        // Shifting by 32 would shift by nothing, so it is done in two steps.
        const upper = (view.getInt32(byte) << shift) | ((middle >>> 1) >>> (31 - shift));
        const lower = (middle << shift) | (view.getUint8(byte + 8) >>> (8 - shift));
        high ^= (upper >>> leading) & highMask;
        low ^= (((upper << 1) << (31 - leading)) | (lower >>> leading)) & lowMask;
        position += significant;
      }
    }
    words[2 * i + highWord] = high;
    words[2 * i + lowWord] = low;
    if (++i === start + count) break;

    // The delta of the next sample's delta.
    if (position > end) throw endsEarly(i - start, count);
    control = look(view, position);
    if (control >= 0) {
      position += 1;
      control <<= 1;
      continue;
    }
    const word = peek(view, position);
    if (word >>> 30 === 0b10) {
      const dod = (word >>> 16) & 0x3fff;
      delta += dod > 8192 ? dod - 16_384 : dod;
      position += 16;
    } else if (word >>> 29 === 0b110) {
      const dod = (word >>> 12) & 0x1ffff;
      delta += dod > 65_536 ? dod - 131_072 : dod;
      position += 20;
    } else if (word >>> 28 === 0b1110) {
      const dod = (word >>> 8) & 0xfffff;
      delta += dod > 524_288 ? dod - 1_048_576 : dod;
      position += 24;
    } else {
      if (position + 68 > end) throw endsEarly(i - start, count);
      delta += peek(view, position + 4) * TWO_32 + (peek(view, position + 36) >>> 0);
      position += 68;
    }
    control = look(view, position);
  }
  if (position > end) throw endsEarly(count, count);
  into.length = start + count;
}

let viewed: Uint8Array = new Uint8Array(0);
let lastView: DataView = new DataView(viewed.buffer);

/** A view of bytes, made once for chunks that follow each other in them. */
function viewOf(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    lastView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    viewed = bytes;
  }
  return lastView;
}

let split: Float64Array = new Float64Array(0);
let lastWords: Uint32Array = new Uint32Array(split.buffer);

/** The words of floats, made once for chunks that go into the same column. */
function wordsOf(values: Float64Array): Uint32Array {
  if (values !== split) {
    lastWords = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    split = values;
  }
  return lastWords;
}

/** An unsigned LEB128 number of at most ten bytes from `byte` on, and where it ends; zero from `last` on, where the chunk ends. */
function readVarint(
  view: DataView,
  byte: number,
  last: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = byte;
  for (let scale = 1, more = true; more && end < byte + 10; scale *= 128) {
    const next = end < last ? view.getUint8(end) : 0;
    value += (next & 0x7f) * scale;
    more = next >= 0x80;
    end++;
  }
  return { value, end };
}

/** At least the 25 bits from a bit position on, at the top of a signed integer. */
function look(view: DataView, position: number): number {
  return view.getInt32(position >>> 3) << (position & 7);
}

/** The 32 bits from a bit position on, as a signed integer. */
function peek(view: DataView, position: number): number {
  const byte = position >>> 3;
  const shift = position & 7;
  return (view.getUint32(byte) << shift) | (view.getUint8(byte + 4) >>> (8 - shift));
}

function endsEarly(decoded: number, count: number): CorruptionError {
  return new CorruptionError(`xor chunk: its bits end at sample ${decoded} of ${count}`);
}
