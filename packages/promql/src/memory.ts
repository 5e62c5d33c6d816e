/**
 * A storage in memory that the engine can ask: for tests, and for programs that have their samples at hand.
 * @module
 */

export type { AppendErrorCode } from "./queryable/append-error.ts";
export { AppendError } from "./queryable/append-error.ts";
export { MemoryStorage } from "./queryable/memory-storage.ts";
