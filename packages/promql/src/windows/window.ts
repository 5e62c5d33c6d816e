import type { Labels, NativeHistogram } from "@linklight/model";
import type { Budget } from "../eval/budget.ts";
import type { Column } from "../eval/column.ts";

/**
 * Terms: a *window* is the samples of one series that a function over a range vector sees at one step. It slides from
 * step to step; its bounds only rise.
 *
 * ```
 * timestamps  [ … a  b  c  d  e  f … ]     all floats of the series, in time
 *                   from ───▶ to            those with startMs < timestamp ≤ endMs
 * ```
 * A kernel reads it, and leaves its value in `result`.
 */
export class Window {
  timestamps: Float64Array = new Float64Array(0);
  values: Float64Array = new Float64Array(0);
  /** ms, 0 where unknown; only where the series has any and the feature is on. */
  startTimestamps: Float64Array | undefined;
  /** How many floats the series has in all. */
  length = 0;
  from = 0;
  to = 0;
  startMs = 0;
  endMs = 0;
  rangeMs = 0;
  /** How far beyond its edges the samples of an anchored or smoothed window reach. */
  lookbackMs = 0;
  /** The name of the series' metric; empty for one that has none. */
  metricName = "";
  /** The number of the step, for parameters that change with it. */
  step = 0;
  /** The time of the step itself, in ms. */
  timeMs = 0;
  /**
   * The native histograms of the series apart from its floats, and their times; those from `histogramFrom` to
   * before `histogramTo` lie in the window.
   */
  histograms: NativeHistogram[] = [];
  histogramTimestamps: number[] = [];
  histogramFrom = 0;
  histogramTo = 0;
  result = 0;
  resultHistogram: NativeHistogram | undefined;

  /** How many native histograms lie in the window. */
  get histogramCount(): number {
    return this.histogramTo - this.histogramFrom;
  }

  /** Whether a native histogram lies within the times after `startMs` and up to `endMs`. */
  hasHistogramIn(startMs: number, endMs: number): boolean {
    return this.histogramTimestamps.some((time) => time > startMs && time <= endMs);
  }
}

/** What a function computes of a window. */
export interface WindowKernel {
  /** Prepares for another series, whose samples are in the window's columns. */
  begin?(window: Window): void;
  /**
   * Leaves the value in `window.result`, or in `window.resultHistogram`; false where there is none. There is a float in
   * the window, unless `takesHistograms` or the window is an extended one.
   */
  compute(window: Window): boolean;
  /**
   * Computes all windows of a series at once, for kernels whose windows cost next to nothing: `ends` has the end of
   * each in ms. The series has floats only, without start timestamps; the column is clear.
   */
  computeAll?(window: Window, ends: Float64Array, into: Column): void;
  /**
   * Does what takes long about a window of very many samples, with pauses; `compute` is then called for the same
   * window and finds it done.
   */
  prepare?(window: Window, budget: Budget): Promise<void>;
  /** Whether windows without a float are of interest, because histograms count too. */
  readonly takesHistograms?: boolean;
  /** Work of one step, in samples: the size of the window unless it costs less or more. */
  cost?(window: Window): number;
  /** After the last step of a series that has a float as its value anywhere: for remarks about it. */
  end?(labels: Labels): void;
}
