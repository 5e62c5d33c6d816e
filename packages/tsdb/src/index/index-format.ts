/**
 * ```
 * index file (version 2; docs/formats/index.md)
 * ┌──────────────┬─────────┬─────────┬────────┬──────────────┬─────────────┬──────────────┬─────┐
 * │ magic, 2     │ symbols │ series… │ (none) │ postings…    │ label index │ postings     │ TOC │
 * │              │         │         │        │ one per pair │ table: 0    │ offset table │     │
 * └──────────────┴─────────┴─────────┴────────┴──────────────┴─────────────┴──────────────┴─────┘
 * ```
 * Integers of fixed width are big-endian; every section ends with the CRC-32C of what is in it.
 */
export const INDEX_MAGIC = 0xbaaad700;
export const INDEX_VERSION = 2;
/** Series begin at multiples of this, so that their refs, offset / 16, fit in 32 bits up to 64 GiB. */
export const SERIES_ALIGNMENT = 16;
/** Six offsets of 8 bytes and a checksum. */
export const TOC_BYTES: number = 6 * 8 + 4;

/** Where the sections begin, in bytes from the start of the file. */
export interface TableOfContents {
  readonly symbols: number;
  readonly series: number;
  readonly labelIndices: number;
  readonly labelIndexTable: number;
  readonly postings: number;
  readonly postingsTable: number;
}

/** What the index says of a chunk: its times in ms, both inclusive, and where it lies: segment × 2^32 + offset. */
export interface ChunkMeta {
  readonly minTime: number;
  readonly maxTime: number;
  readonly ref: number;
}
