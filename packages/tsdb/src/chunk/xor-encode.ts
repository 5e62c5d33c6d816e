import { writeBits, writeDeltaOfDelta, writeUvarint, writeVarint } from "./bit-write.ts";

/**
 * ```
 * the state of an encoder: 64 bytes, a line of the processor's cache, in an array of floats and one of words over the
 * same memory
 * ┌───────────┬───────┬────────────┬─────────┬──────┬─────┬────────┬───────┬──────────┬───────────┐
 * │ last time │ delta │ first time │ (owner) │ high │ low │ window │ count │ position │ (owner) 3 │
 * └───────────┴───────┴────────────┴─────────┴──────┴─────┴────────┴───────┴──────────┴───────────┘
 *   f64         f64     f64          f64       i32 …
 * ```
 * All zeros is the state of an empty chunk. What the owner keeps beside it is not touched here.
 */
export const STATE_FLOATS = 8;
/** Floats, from the state's beginning. */
export const LAST_TIME = 0;
const DELTA = 1;
export const FIRST_TIME = 2;
export const OWNER_FLOAT = 3;
/** Words, from the state's beginning. The last value's bits are `floatBits`'. */
export const HIGH = 8;
export const LOW = 9;
/** Leading zeros, and trailing ones × 256, of the last value that did not fit into the one before. */
const WINDOW = 10;
export const COUNT = 11;
/** The number of bits written. */
export const POSITION = 12;
export const OWNER_WORD = 13;

/** No bits of the last value can be used again: the value before was equal, or there was none. */
const NO_WINDOW = -1;
/** The number of samples comes first, in two bytes. */
const HEADER_BITS = 16;

/** The largest sample takes 4 + 64 bits of time and 2 + 5 + 6 + 64 bits of value: 19 bytes. */
export const LARGEST_SAMPLE_BYTES = 19;

/**
 * Adds a sample to the chunk that begins at byte `start` of `view` and whose state is at float `state` of `floats`, of
 * which `words` has the same memory. The timestamp, whole ms, is above the last one; the value comes as
 * `floatBits` gives it. There must be room for the largest sample and the slack of readers, zero where nothing was
 * written.
 */
export function encodeXor(
  floats: Float64Array,
  words: Int32Array,
  state: number,
  view: DataView,
  start: number,
  timestamp: number,
  high: number,
  low: number,
): void {
  const word = state << 1;
  const count = words[word + COUNT] as number;
  let at = (start << 3) + (words[word + POSITION] as number);
  if (count === 0) {
    at = writeFirst(floats, words, state, view, start, timestamp, high, low);
  } else {
    const delta = timestamp - (floats[state + LAST_TIME] as number);
    const dod = delta - (floats[state + DELTA] as number);
    // A regular sample has a single 0 for its time, which is written together with its value.
    let zeros = 1;
    if (count === 1 || dod !== 0) {
      at = count === 1 ? writeUvarint(view, at, delta) : writeDeltaOfDelta(view, at, dod);
      zeros = 0;
      floats[state + DELTA] = delta;
    }
    const upper = high ^ (words[word + HIGH] as number);
    const lower = low ^ (words[word + LOW] as number);
    // What is not written yet is zero, and so is what an equal value has.
    if ((upper | lower) === 0) at += zeros + 1;
    else {
      at = writeXor(words, word, view, at, upper, lower, zeros);
      words[word + HIGH] = high;
      words[word + LOW] = low;
    }
  }
  floats[state + LAST_TIME] = timestamp;
  words[word + COUNT] = count + 1;
  words[word + POSITION] = at - (start << 3);
  view.setUint16(start, count + 1);
}

function writeFirst(
  floats: Float64Array,
  words: Int32Array,
  state: number,
  view: DataView,
  start: number,
  timestamp: number,
  high: number,
  low: number,
): number {
  floats[state + FIRST_TIME] = timestamp;
  floats[state + DELTA] = 0;
  words[2 * state + WINDOW] = NO_WINDOW;
  words[2 * state + HIGH] = high;
  words[2 * state + LOW] = low;
  const at = writeVarint(view, 8 * start + HEADER_BITS, timestamp);
  return writeBits(view, at, high, low, 64);
}

// 0 → equal; 10 + the bits in the window of the value before; 11 + 5 bits of leading zeros, 6 of length, the bits.
// `zeros` bits (0 or 1) of 0 come first.
function writeXor(
  words: Int32Array,
  word: number,
  view: DataView,
  at: number,
  high: number,
  low: number,
  zeros: number,
): number {
  const clear = high === 0 ? 32 + Math.clz32(low) : Math.clz32(high);
  let leading = clear > 31 ? 31 : clear;
  let trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
  let control = 0b10;
  let count = zeros + 2;
  const window = words[word + WINDOW] as number;
  if (window !== NO_WINDOW && leading >= (window & 0xff) && trailing >= window >> 8) {
    leading = window & 0xff;
    trailing = window >> 8;
  } else {
    words[word + WINDOW] = leading | (trailing << 8);
    // 64 does not fit in 6 bits, and 0 does not occur.
    control = (0b11 << 11) | (leading << 6) | ((64 - leading - trailing) & 63);
    count = zeros + 13;
  }
  // The window moved to the top: below it are only zeros, and at most 31 above it.
  const upper = (high << leading) | ((low >>> 1) >>> (31 - leading));
  const lower = low << leading;
  // The control bits (2 … 14), and behind them those of the window.
  const first = (control << (32 - count)) | (upper >>> count);
  const second = (upper << (32 - count)) | (lower >>> count);
  const length = count + 64 - leading - trailing;
  if (length <= 64) return writeBits(view, at, first, second, length);
  const middle = writeBits(view, at, first, second, 64);
  return writeBits(view, middle, lower << (32 - count), 0, length - 64);
}

/** The zeros below the lowest one of a word that is not 0. */
function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
