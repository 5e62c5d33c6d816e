/**
 * A mistake in the text of a script, with its place: `12:3: expected a series, got "…"`.
 *
 * The one that {@link parseScript} throws is the first; `errors` holds one for each command that has any.
 */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  readonly code = "LINKLIGHT_PROMQL_SCRIPT";
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** What is wrong, without the place. */
  readonly reason: string;
  errors: readonly ScriptError[];

  constructor(line: number, column: number, reason: string) {
    super(`${line}:${column}: ${reason}`);
    this.line = line;
    this.column = column;
    this.reason = reason;
    this.errors = [this];
  }
}
