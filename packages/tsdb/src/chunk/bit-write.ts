/**
 * Writes the first `count` bits (0 … 64) of two words at bit `at`; those behind them are zero. All nine bytes that they
 * may touch are written: those behind the end are zero, and the slack of a chunk is there for them. As all that write
 * bits here, returns where the next ones begin.
 */
export function writeBits(
  view: DataView,
  at: number,
  first: number,
  second: number,
  count: number,
): number {
  const byte = at >>> 3;
  const shift = at & 7;
  // Shifting by 32 would shift by nothing, so it is done in two steps.
  const rest = 31 - shift;
  view.setInt32(byte, (view.getUint8(byte) << 24) | (first >>> shift));
  view.setInt32(byte + 4, ((first << 1) << rest) | (second >>> shift));
  view.setUint8(byte + 8, ((second << 1) << rest) >>> 24);
  return at + count;
}

/** Writes the last `count` bits (1 … 32) of a number, the others of which do not matter. */
function writeLast(view: DataView, at: number, value: number, count: number): number {
  return writeBits(view, at, value << (32 - count), 0, count);
}

/** An unsigned LEB128 number. */
export function writeUvarint(view: DataView, at: number, value: number): number {
  // Distances of seconds and minutes, in one step.
  if (value >= 0x80 && value < 0x4000)
    return writeLast(view, at, ((value & 0x7f) << 8) | 0x8000 | (value >>> 7), 16);
  if (value >= 0x4000 && value < 0x20_0000) {
    const low = ((value & 0x7f) << 16) | (((value >>> 7) & 0x7f) << 8);
    return writeLast(view, at, low | 0x80_8000 | (value >>> 14), 24);
  }
  let rest = value;
  let end = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80))
    end = writeLast(view, end, (rest % 0x80) | 0x80, 8);
  return writeLast(view, end, rest, 8);
}

/**
 * A signed LEB128 number. The lowest bit is the sign, so the first byte is made apart: twice the number may be beyond
 * 2^53.
 */
export function writeVarint(view: DataView, at: number, value: number): number {
  const sign = value < 0 ? 1 : 0;
  const magnitude = sign === 1 ? -(value + 1) : value;
  const first = (magnitude % 64) * 2 + sign;
  if (magnitude < 64) return writeLast(view, at, first, 8);
  return writeUvarint(view, writeLast(view, at, first | 0x80, 8), Math.floor(magnitude / 64));
}

/** What the distance of two timestamps differs by from the one before; by size: 10 + 14 bits, 110 + 17, 1110 + 20, 1111 + 64. */
export function writeDeltaOfDelta(view: DataView, at: number, dod: number): number {
  if (dod >= -8191 && dod <= 8192) return writeLast(view, at, (0b10 << 14) | (dod & 0x3fff), 16);
  if (dod >= -65_535 && dod <= 65_536)
    return writeLast(view, at, (0b110 << 17) | (dod & 0x1ffff), 20);
  if (dod >= -524_287 && dod <= 524_288)
    return writeLast(view, at, (0b1110 << 20) | (dod & 0xfffff), 24);
  const middle = writeLast(view, at, 0b1111, 4);
  return writeBits(view, middle, Math.floor(dod / 4_294_967_296), dod % 4_294_967_296, 64);
}
