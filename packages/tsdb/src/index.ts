/**
 * Prometheus' time series database, in its own on-disk format: chunks, head, write-ahead log, blocks and index.
 * @module
 */

// Chunks.
export type { SampleTarget } from "./chunk/sample-target.ts";
export { XorChunk } from "./chunk/xor-chunk.ts";
export { decodeXor, SLACK_BYTES } from "./chunk/xor-decode.ts";
// Errors.
export { CorruptionError } from "./encoding/corruption.ts";
