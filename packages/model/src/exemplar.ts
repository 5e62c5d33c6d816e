import type { Labels } from "./labels.ts";

/** An example of what a counter or bucket counted, usually a link to a trace. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  /** Milliseconds since 1970 UTC; may have a fraction. */
  readonly timestamp?: number;
}

/** OpenMetrics 1.0: names and values of an exemplar's labels hold at most this many characters together. */
export const EXEMPLAR_MAX_CHARACTERS = 128;
