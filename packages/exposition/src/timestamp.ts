import { writeDigits } from "./number.ts";
import type { Latin1Buffer } from "./write/latin1.ts";

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Whether a number can stand as a timestamp: neither NaN, which means "none", nor beyond exact milliseconds. */
export function isTimestamp(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= Number.MAX_SAFE_INTEGER;
}

/** Writes a timestamp for the text formats: whole milliseconds, at most 17 bytes. */
export function writeMilliseconds(buffer: Latin1Buffer, at: number, milliseconds: number): number {
  const whole = Math.trunc(milliseconds);
  if (whole >= 0) return writeDigits(buffer, at, whole);
  buffer[at] = MINUS;
  return writeDigits(buffer, at + 1, -whole);
}

/** Writes a timestamp for OpenMetrics as {@link formatSeconds} spells it, at most 32 bytes. */
export function writeSeconds(buffer: Latin1Buffer, at: number, milliseconds: number): number {
  if (!Number.isInteger(milliseconds) || milliseconds < 0) {
    return at + buffer.latin1Write(formatSeconds(milliseconds), at);
  }
  const seconds = Math.floor(milliseconds / 1000);
  const rest = milliseconds - seconds * 1000;
  const point = writeDigits(buffer, at, seconds);
  buffer[point] = POINT;
  buffer[point + 1] = ZERO + Math.floor(rest / 100);
  buffer[point + 2] = ZERO + (Math.floor(rest / 10) % 10);
  buffer[point + 3] = ZERO + (rest % 10);
  return point + 4;
}

/**
 * Milliseconds as decimal seconds, with three digits behind the point or as many as the number has:
 * the point moves, so nothing is rounded, down to a nanosecond.
 */
export function formatSeconds(milliseconds: number): string {
  const [whole = "0", fraction = ""] = decimal(Math.abs(milliseconds)).split(".");
  const digits = whole.padStart(4, "0");
  const sign = milliseconds < 0 ? "-" : "";
  return `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}${fraction}`;
}

/** Without an exponent, which JavaScript uses below 1e-6: less than a nanosecond. */
function decimal(milliseconds: number): string {
  return milliseconds < 1e-6 ? "0" : String(milliseconds);
}
