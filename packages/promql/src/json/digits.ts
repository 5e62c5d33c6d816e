const ZERO = 0x30;

// "0000" … "9999": four digits are looked up at once.
const QUADS: Uint8Array = new Uint8Array(40_000);
for (let i = 0; i < 10_000; i++) {
  QUADS[4 * i] = ZERO + Math.floor(i / 1000);
  QUADS[4 * i + 1] = ZERO + (Math.floor(i / 100) % 10);
  QUADS[4 * i + 2] = ZERO + (Math.floor(i / 10) % 10);
  QUADS[4 * i + 3] = ZERO + (i % 10);
}

/** Writes a whole number from 0 to 2^53 − 1 in plain decimal and returns the position behind it. */
export function writeDigits(bytes: Uint8Array, at: number, whole: number): number {
  if (whole < 10_000) return writeHead(bytes, at, whole);
  if (whole < 100_000_000) {
    const head = (whole / 10_000) | 0;
    return writeQuad(bytes, writeHead(bytes, at, head), (whole | 0) - head * 10_000);
  }
  const head = Math.floor(whole / 100_000_000);
  const rest = whole - head * 100_000_000;
  const middle = (rest / 10_000) | 0;
  const end = writeQuad(bytes, writeDigits(bytes, at, head), middle);
  return writeQuad(bytes, end, rest - middle * 10_000);
}

/** Writes 0 … 9999 without zeros in front. */
function writeHead(bytes: Uint8Array, at: number, n: number): number {
  let p = at;
  const i = n << 2;
  if (n > 999) bytes[p++] = QUADS[i] as number;
  if (n > 99) bytes[p++] = QUADS[i + 1] as number;
  if (n > 9) bytes[p++] = QUADS[i + 2] as number;
  bytes[p] = QUADS[i + 3] as number;
  return p + 1;
}

/** Writes 0 … 9999 as four digits. */
export function writeQuad(bytes: Uint8Array, at: number, n: number): number {
  const i = n << 2;
  bytes[at] = QUADS[i] as number;
  bytes[at + 1] = QUADS[i + 1] as number;
  bytes[at + 2] = QUADS[i + 2] as number;
  bytes[at + 3] = QUADS[i + 3] as number;
  return at + 4;
}
