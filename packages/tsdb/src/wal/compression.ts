import { decompress as decompressZstd } from "fzstd";
import snappy from "snappyjs";
import { SNAPPY, ZSTD } from "./wal-format.ts";

/** Three bytes say to copy 64 at most: a length beyond that is damage, and no memory is taken for it. */
const MOST_SNAPPY_RATIO = 22;
/** What a Zstandard frame begins with. */
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** A record as it was before it was compressed the way that the flags of its fragments say. Throws when it was not. */
export function uncompress(data: Uint8Array, flags: number): Uint8Array {
  if ((flags & SNAPPY) !== 0) return snappy.uncompress(data, MOST_SNAPPY_RATIO * data.length);
  return (flags & ZSTD) !== 0 ? decompressZstd(data) : data;
}

/**
 * Whether bytes that are said to be uncompressed are not: the flags are the only part of a log that no checksum
 * covers. `isRecord` looks at the first byte of what would be the record.
 */
export function looksCompressed(data: Uint8Array, isRecord: (type: number) => boolean): boolean {
  if (ZSTD_MAGIC.every((byte, i) => data[i] === byte)) return true;
  try {
    return isRecord(uncompress(data, SNAPPY)[0] ?? 0);
  } catch {
    return false;
  }
}
