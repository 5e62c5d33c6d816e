import type { Labels } from "@linklight/model";

/** How a result differs from what was expected. */
export interface Mismatch {
  /** What is wrong in one sentence. */
  readonly reason: string;
  /** The parts that differ, side by side; empty where the reason says it all. */
  readonly differences: readonly Difference[];
  /** What else there is to say, a line each. */
  readonly notes: readonly string[];
}

/** One series, or whatever else is compared, as expected and as got; a side is undefined where it lacks it. */
export interface Difference {
  readonly what: Labels | string;
  /** One text for each value. */
  readonly expected: readonly string[] | undefined;
  readonly got: readonly string[] | undefined;
}

/** A mismatch that the sentence says wholly. */
export function mismatch(reason: string): Mismatch {
  return { reason, differences: [], notes: [] };
}
