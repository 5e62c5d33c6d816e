/** Bytes that are not what the format says they must be: which file or part, where, and what was expected. */
export class CorruptionError extends Error {
  override readonly name = "CorruptionError";
  readonly code = "LINKLIGHT_TSDB_CORRUPTION";
}
