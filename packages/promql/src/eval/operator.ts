import type { Labels } from "@linklight/model";
import type { SampleColumns } from "../queryable/sample-columns.ts";
import type { Column } from "./column.ts";

/**
 * Terms: an expression is *opened* for the steps of a query, which yields its value: a scalar (computed at once),
 * a string, or an *operator*. An operator knows its series, with their label sets, as soon as it is open; what
 * each series is worth at the steps is computed when its consumer asks for that column. So a chain such as
 * `sum by (x) (rate(m[5m]))` holds one column at a time, however many series there are.
 */
export type Value = VectorValue | MatrixValue | ScalarValue | StringValue;

export interface VectorValue {
  readonly type: "vector";
  readonly vector: VectorOperator;
}

export interface MatrixValue {
  readonly type: "matrix";
  readonly matrix: MatrixOperator;
}

/** One number a step. */
export interface ScalarValue {
  readonly type: "scalar";
  readonly values: Float64Array;
}

export interface StringValue {
  readonly type: "string";
  readonly value: string;
}

/** A series as an operator names it. */
export interface OperatorSeries {
  readonly labels: Labels;
  /**
   * The metric name is to be dropped at the end of the query (delayed name removal). Without that feature
   * names are dropped where they fall, and this is always false.
   */
  readonly dropName: boolean;
}

/** Nothing, or a promise where the work had to pause: callers await only what is there. */
export type Pending = Promise<void> | undefined;

/** An instant vector at every step. */
export interface VectorOperator {
  /** Each pair of label set and dropName once; a series may turn out absent at every step. */
  readonly series: readonly OperatorSeries[];
  /**
   * Computes series i into `into`, which it clears itself and which has as many steps as the query.
   * Any order; each series at most once at a time; an operator that cannot compute twice what is expensive keeps it.
   */
  column(i: number, into: Column): Pending;
}

/**
 * A range vector: for each series its samples, over which a window slides from step to step.
 * The window of step k holds the samples with `windowStart(k) < timestamp ≤ windowEnd(k)`.
 */
export interface MatrixOperator {
  readonly series: readonly OperatorSeries[];
  /** The width of the window in ms. */
  readonly rangeMs: number;
  /** The end of the window at step k in ms: the step's time, less the offset, or where `@` puts it. Never falls. */
  windowEnd(k: number): number;
  /**
   * How the edges of the window are treated; samples then reach further back (both) and ahead (smoothed) than
   * the window, by `lookbackMs`.
   */
  readonly extension: "anchored" | "smoothed" | undefined;
  readonly lookbackMs: number;
  /** Reads all samples of series i that any window needs, without staleness markers, into `into`, which it clears itself. */
  samples(i: number, into: SampleColumns): Pending;
}
