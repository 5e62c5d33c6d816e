import type { Labels, NativeHistogram } from "@linklight/model";

/** One command of a script. Lines count from 1. */
export type Command = ClearCommand | LoadCommand | EvalCommand;

/** `clear`: empties the storage. */
export interface ClearCommand {
  readonly kind: "clear";
  readonly line: number;
  readonly text: string;
}

/** `load 5m` and the series under it: samples from time 0 on, one every step. */
export interface LoadCommand {
  readonly kind: "load";
  readonly line: number;
  /** The command's first line, as written. */
  readonly text: string;
  readonly stepMs: number;
  /** `load_with_nhcb`: also a native histogram with custom buckets for each classic histogram. */
  readonly withCustomBuckets: boolean;
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries {
  readonly line: number;
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
  /**
   * For each value its start timestamp in ms, relative to the sample's own; undefined where it has none.
   * Empty where the series has none at all.
   */
  readonly startOffsets: readonly (number | undefined)[];
}

/** One place in a row of values: `3`, `_`, `stale`, `{{…}}`. */
export type SequenceValue =
  | { readonly kind: "omitted" }
  | { readonly kind: "stale" }
  | { readonly kind: "float"; readonly value: number }
  | {
      readonly kind: "histogram";
      readonly histogram: NativeHistogram;
      /** Only a hint that was written down is compared. */
      readonly isHintWritten: boolean;
    };

/** `eval instant at 5m QUERY` or `eval range from 0 to 5m step 1m QUERY`, and what is expected of it. */
export interface EvalCommand {
  readonly kind: "eval";
  readonly line: number;
  /** The command's first line, as written. */
  readonly text: string;
  readonly query: string;
  /** Where the query begins in its line, from 1. */
  readonly queryColumn: number;
  readonly when:
    | { readonly kind: "instant"; readonly timeMs: number }
    | ({ readonly kind: "range" } & StepsNotation);
  readonly expected: Expectations;
}

/** `from 0 to 5m step 1m`, in ms. */
export interface StepsNotation {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What must be true of an evaluation. */
export interface Expectations {
  /** The series come in the order of the lines. */
  readonly isOrdered: boolean;
  /** The query fails, with an error that satisfies all of these; undefined where it is to succeed. */
  readonly fail: readonly MessageTest[] | undefined;
  /** Each is satisfied by some warning, and each warning satisfies one; empty: no matter. */
  readonly warnings: readonly MessageTest[];
  readonly infos: readonly MessageTest[];
  readonly noWarnings: boolean;
  readonly noInfos: boolean;
  /** The result of an instant query is a range vector with samples at these times. */
  readonly rangeVector: StepsNotation | undefined;
  readonly value: ExpectedValue;
}

/** What a text is compared with: equal to `message`, or matched by the pattern `regex`. */
export interface MessageTest {
  readonly written: "any" | "message" | "pattern";
  readonly text: string;
  /** Whether a text is as expected. */
  accepts(text: string): boolean;
}

export type ExpectedValue =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "series"; readonly rows: readonly ExpectedRow[] };

/** `<series> <values>`. */
export interface ExpectedRow {
  readonly line: number;
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}
