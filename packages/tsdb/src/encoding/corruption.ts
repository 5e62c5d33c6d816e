/** Bytes that are not what the format says they must be: which file or part, where, and what was expected. */
export class CorruptionError extends Error {
  override readonly name: string = "CorruptionError";
  readonly code = "LINKLIGHT_TSDB_CORRUPTION";
}

/** A whole number that may well be meant, and that JavaScript cannot say: beyond 2^53. */
export class NumberRangeError extends CorruptionError {
  override readonly name = "NumberRangeError";
}
