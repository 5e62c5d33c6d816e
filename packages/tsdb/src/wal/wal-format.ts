/**
 * ```
 * segment 00000000, 00000001 … of at most 128 MiB, in pages of 32 KiB (docs/formats/wal.md)
 * ┌─ page ──────────────────────────────────────────────────────┬─ page ────────────────────────┬─────
 * │ type (1) │ length (2) │ CRC-32C (4) │ data │ type │ … │ zeros │ type │ length │ CRC │ data │ …    │ …
 * └──────────────────────────────────────────────────────────────┴───────────────────────────────┴─────
 * ```
 * A record that does not fit into the rest of its page is cut into fragments: first, middle …, last. It
 * never goes on in another segment. Where fewer than 7 bytes of a page are left, they are zero.
 */
export const PAGE_BYTES: number = 32 * 1024;
export const FRAGMENT_HEADER_BYTES = 7;
/** Prometheus' `--storage.tsdb.wal-segment-size`. */
export const DEFAULT_SEGMENT_BYTES: number = 128 * 1024 * 1024;

/** The low three bits of a fragment's type. */
export const PAGE_END = 0;
export const FULL = 1;
export const FIRST = 2;
export const MIDDLE = 3;
export const LAST = 4;
export const FRAGMENT_MASK = 7;
/** How the record's data is compressed, in the bits above. */
export const SNAPPY = 8;
export const ZSTD = 16;

/** The name of a segment: eight digits. */
export function segmentName(segment: number): string {
  return String(segment).padStart(8, "0");
}
