import { Buffer } from "node:buffer";

// 10^0 … 10^22: the powers of ten that a double holds exactly.
const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

const MAX_EXACT_EXPONENT = 22;
const DOT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const ZERO = 0x30;
const LOWER_CASE = 0x20;
const E = 0x65;

/**
 * Reads the number that fills bytes `start` to `end` as Prometheus' parsers do: a decimal float with an
 * optional exponent, or `inf`, `infinity`, `nan` in any case; correctly rounded. Gives undefined for
 * everything else: the empty text, hexadecimal, underscores, a signed NaN, and what overflows a double.
 *
 * ```
 * [sign] digits [. digits] [(e|E) [sign] digits]     at least one digit before the exponent
 * ```
 * A mantissa of up to 2^53 times or by a power of ten up to 10^22 needs one operation on two exact
 * doubles, which IEEE 754 rounds correctly (Clinger 1990); whatever else goes through `Number`.
 */
export function parseNumber(bytes: Buffer, start: number, end: number): number | undefined {
  let i = start;
  let negative = false;
  if (i < end && (bytes[i] === MINUS || bytes[i] === PLUS)) {
    negative = bytes[i] === MINUS;
    i++;
  }
  let mantissa = 0;
  const integerStart = i;
  for (; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
  }
  let digits = i - integerStart;
  let exponent = 0;
  if (i < end && bytes[i] === DOT) {
    const fractionStart = ++i;
    for (; i < end; i++) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    exponent = fractionStart - i;
    digits -= exponent;
  }
  if (digits === 0) return parseSpecial(bytes, start, end);
  if (i < end) {
    const written = parseExponent(bytes, i, end);
    if (written === undefined) return undefined;
    exponent += written;
  }
  const magnitude = scaleExactly(mantissa, exponent);
  if (magnitude !== undefined) return negative ? -magnitude : magnitude;
  const value = Number(bytes.toString("latin1", start, end));
  return Number.isFinite(value) ? value : undefined;
}

/** mantissa * 10^exponent, correctly rounded; undefined where one step on exact doubles does not give that. */
function scaleExactly(mantissa: number, exponent: number): number | undefined {
  // Digits were added up exactly as long as the sum still is a safe integer.
  if (mantissa > Number.MAX_SAFE_INTEGER) return undefined;
  if (exponent < -MAX_EXACT_EXPONENT || exponent > MAX_EXACT_EXPONENT) return undefined;
  return exponent < 0
    ? mantissa / (POWERS_OF_TEN[-exponent] as number)
    : mantissa * (POWERS_OF_TEN[exponent] as number);
}

/** Reads `e`, a sign and digits up to `end`; the size is cut at a million, far past the range of a double. */
function parseExponent(bytes: Buffer, start: number, end: number): number | undefined {
  if (((bytes[start] as number) | LOWER_CASE) !== E) return undefined;
  let i = start + 1;
  const negative = bytes[i] === MINUS;
  if (i < end && (negative || bytes[i] === PLUS)) i++;
  if (i >= end) return undefined;
  let exponent = 0;
  for (; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    exponent = Math.min(exponent * 10 + digit, 1_000_000);
  }
  return negative ? -exponent : exponent;
}

function parseSpecial(bytes: Buffer, start: number, end: number): number | undefined {
  // The longest is "+infinity".
  if (end - start > 9) return undefined;
  const word = bytes.toString("latin1", start, end).toLowerCase();
  if (word === "nan") return Number.NaN;
  if (/^\+?inf(inity)?$/.test(word)) return Number.POSITIVE_INFINITY;
  if (/^-inf(inity)?$/.test(word)) return Number.NEGATIVE_INFINITY;
  return undefined;
}

/**
 * Reads a whole number, such as a timestamp in milliseconds, that fills bytes `start` to `end`.
 * Gives undefined for everything else and for what does not fit 64 bits.
 */
export function parseInteger(bytes: Buffer, start: number, end: number): number | undefined {
  const negative = start < end && bytes[start] === MINUS;
  let i = negative ? start + 1 : start;
  if (i >= end) return undefined;
  let magnitude = 0;
  for (; i < end; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    magnitude = magnitude * 10 + digit;
  }
  // Beyond the safe integers the sum above has rounded at each digit.
  if (magnitude > Number.MAX_SAFE_INTEGER)
    magnitude = Math.abs(Number(bytes.toString("latin1", start, end)));
  if (magnitude > 2 ** 63) return undefined;
  return negative ? -magnitude : magnitude;
}

/** Reads the number that a label value such as that of `le` or `quantile` holds, by the rules of {@link parseNumber}. */
export function parseLabelNumber(text: string): number | undefined {
  const bytes = Buffer.from(text, "latin1");
  // Letters beyond Latin-1 would be cut to a byte that may look like a digit.
  return bytes.length === text.length && !/[^ -~]/.test(text)
    ? parseNumber(bytes, 0, bytes.length)
    : undefined;
}
