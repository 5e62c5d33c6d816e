// The Castagnoli polynomial, bits reversed: zlib's crc32 uses another one and gives other sums.
const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256: table k holds what a byte does to the sum k bytes later. */
const tables = makeTables();

/**
 * CRC-32C of a stretch of bytes, as an unsigned integer: what guards every record, chunk and section.
 * To continue a sum, pass it as `sum`. Eight bytes a turn (slicing-by-8; Kounavis and Berry, 2005).
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length, sum = 0): number {
  let crc = ~sum;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    const a =
      crc ^
      ((bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24));
    crc =
      at(7, a) ^
      at(6, a >>> 8) ^
      at(5, a >>> 16) ^
      at(4, a >>> 24) ^
      at(3, bytes[i + 4] as number) ^
      at(2, bytes[i + 5] as number) ^
      at(1, bytes[i + 6] as number) ^
      at(0, bytes[i + 7] as number);
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ at(0, crc ^ (bytes[i] as number));
  return ~crc >>> 0;
}

function at(table: number, byte: number): number {
  return tables[(table << 8) | (byte & 0xff)] as number;
}

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    made[byte] = crc;
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256] as number;
    made[i] = (before >>> 8) ^ (made[before & 0xff] as number);
  }
  return made;
}
