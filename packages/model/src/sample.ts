import type { NativeHistogram } from "./native-histogram.ts";

/** The value of a sample: a float or a native histogram. */
export type SampleValue = number | NativeHistogram;

/** One observation of a series. */
export interface Sample {
  /** Milliseconds since 1970 UTC, a whole number. */
  readonly timestamp: number;
  readonly value: SampleValue;
  /** When the counter or histogram last began at zero, in milliseconds; known only where the source says so. */
  readonly startTimestamp?: number;
}
