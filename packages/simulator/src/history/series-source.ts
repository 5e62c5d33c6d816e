import type { Labels, MetricFamilyInfo } from "@linklight/model";

/**
 * Terms
 *   moment   a time at which every series has a sample, unless it has a gap there
 *   grid     moments at equal distances: those of a history
 *   gap      a moment at which a series has no sample, as while its switch is off
 *   column   the numbers of one line of a series at all moments
 *   pass     reading the model at all moments once, for as many columns as there is room for
 */

/** The moments of a history: from + i·step for i = 0 … count − 1. Whole milliseconds since 1970, so none is rounded. */
export interface MomentGrid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/**
 * A simulation in the order of a history: family by family, series by series, each at the moments of one
 * grid. It is read once, in this order; what a history writer takes.
 */
export interface SeriesSource {
  readonly grid: MomentGrid;
  /** In the order of an exposition; no two of the same name. */
  readonly families: readonly SourceFamily[];
  /** How many series the families have together. */
  readonly size: number;
  /** How much of all work is done, 0 … 1. */
  readonly progress: number;
}

/** A family of a {@link SeriesSource}: what its exposition says of itself, and its series. */
export interface SourceFamily extends MetricFamilyInfo {
  readonly lines: readonly SourceLine[];
  /**
   * The series, in the order of an exposition; one is done with when the next is asked for. `undefined`
   * stands for a series that is still being computed: it is time to let the event loop turn.
   */
  series(): Iterable<SourceSeries | undefined>;
}

/**
 * One line of each series of a family: what follows the metric name, and the label beside the series' own.
 * A counter or gauge has one, a histogram one for each bucket, sum and count.
 */
export interface SourceLine {
  readonly suffix: string;
  readonly label?: string;
  readonly value?: string | number;
}

/** A series of a {@link SourceFamily}. */
export interface SourceSeries {
  readonly labels: Labels;
  /** Writes the numbers of `count` moments from the `first` on, as `values[i * lines.length + line]`; NaN in a gap. */
  fill(values: Float64Array, first: number, count: number): void;
}
