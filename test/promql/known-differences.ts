import type { Question } from "./real-side.ts";

/** Something in which Prometheus' own versions differ: the one that is asked, and 3.14, which linklight follows. */
export interface KnownDifference {
  readonly since: string;
  readonly reason: string;
  /** Whether this difference explains two answers. */
  readonly explains: (question: Question, real: string, ours: string) => boolean;
}

/** All that is known; docs list them. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];
