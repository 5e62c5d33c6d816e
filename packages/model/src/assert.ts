/** Our own bug: an invariant of this program does not hold. Never caught except at the process edge. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
  readonly code = "LINKLIGHT_ASSERTION";
}

/** Throws {@link AssertionError} when an invariant of ours is broken; `message` names the part and the value. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
