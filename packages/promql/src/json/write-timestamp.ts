import { writeDigits } from "./digits.ts";

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** Writes milliseconds as seconds: whole, or with three decimals. */
export function writeTimestamp(bytes: Uint8Array, at: number, timestamp: number): number {
  let p = at;
  let t = timestamp;
  if (t < 0) {
    bytes[p++] = MINUS;
    t = -t;
  }
  const seconds = Math.floor(t / 1000);
  p = writeDigits(bytes, p, seconds);
  const rest = t - seconds * 1000;
  if (rest === 0) return p;
  bytes[p++] = POINT;
  if (rest < 100) bytes[p++] = ZERO;
  if (rest < 10) bytes[p++] = ZERO;
  return writeDigits(bytes, p, rest);
}
