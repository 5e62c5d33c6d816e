/**
 * Prometheus' time series database, in its own on-disk format: chunks, head, write-ahead log, blocks and index.
 * @module
 */

// Blocks.
export type { BlockCompaction, BlockMeta, BlockParent, BlockStats } from "./block/block-meta.ts";
export { readBlockMeta } from "./block/block-meta.ts";
export type { BlockSeries } from "./block/block-reader.ts";
export { Block } from "./block/block-reader.ts";
// The database.
export type { BlockSetAside } from "./block/block-set.ts";
export type { EncodedChunk, NewBlock } from "./block/block-writer.ts";
export { BlockWriter } from "./block/block-writer.ts";
// Chunks.
export { UnsupportedChunkError } from "./chunk/encodings.ts";
export { SampleBuffer } from "./chunk/sample-buffer.ts";
export type { SampleTarget } from "./chunk/sample-target.ts";
export type { Interval } from "./chunk/trim.ts";
export { XorChunk } from "./chunk/xor-chunk.ts";
export { decodeXor, SLACK_BYTES } from "./chunk/xor-decode.ts";
export { BlockBuilder } from "./db/block-builder.ts";
export type { DbStats } from "./db/db.ts";
export { Db } from "./db/db.ts";
export { DbUnusableError } from "./db/db-error.ts";
export type { DbOptions } from "./db/db-options.ts";
export { DbReader } from "./db/db-reader.ts";
export { DirectoryError } from "./db/directory.ts";
export { DirectoryLockedError } from "./db/lock.ts";
export { PageCache } from "./disk/page-cache.ts";
export { WriteError } from "./disk/write-error.ts";
// Errors.
export { CorruptionError } from "./encoding/corruption.ts";
// The head.
export type { AppendErrorCode } from "./head/append-error.ts";
export { AppendError } from "./head/append-error.ts";
export type { SeriesRef } from "./head/appender.ts";
export { HeadAppender } from "./head/appender.ts";
export type { MetricMetadata } from "./head/metadata.ts";
export type { ReplayDamage, ReplayReport } from "./head/replay.ts";
// Asking.
export type { ReadableSeries, Selection, SeriesSource } from "./query/select.ts";
export { WalCorruptionError } from "./wal/wal-reader.ts";
// The log.
export { WalWriteError } from "./wal/wal-writer.ts";
