import type { Labels, MetricFamilyInfo } from "@linklight/model";

/**
 * Terms
 *   moment   a time at which every series has a sample, unless it has a gap there
 *   grid     moments at equal distances: those of a history
 *   window   consecutive moments of a grid that are computed in one go
 *   gap      a moment at which a series has no sample, as while its switch is off
 */

/** The moments of a history: from + i·step for i = 0 … count − 1. Whole milliseconds since 1970, so none is rounded. */
export interface MomentGrid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/**
 * What can be read of a simulation in the order of a history: family by family, series by series, each at
 * the moments of one grid. Nothing is read before it is asked for; the same may be asked for again.
 */
export interface SeriesSource {
  readonly grid: MomentGrid;
  /** In the order of an exposition; no two of the same name. */
  readonly families: readonly SourceFamily[];
}

/** A family of a {@link SeriesSource}: what its exposition says of itself, and its series. */
export interface SourceFamily extends MetricFamilyInfo {
  /**
   * What each series prints, as an exposition's table has it: one line for a counter or gauge, one for each
   * bucket, sum and count for a histogram.
   */
  readonly lines: readonly SourceLine[];
  /** How many series there are: for whoever shows progress. */
  readonly size: number;
  /** The series, in the order of an exposition. Made while they are iterated, so that a large fabric need not hold them. */
  series(): Iterable<SourceSeries>;
}

/** One line of each series of a family: what follows the metric name, and the label beside the series' own. */
export interface SourceLine {
  readonly suffix: string;
  readonly label?: string;
  readonly value?: string | number;
}

/** A series of a {@link SourceFamily}: random access to its values. */
export interface SourceSeries {
  readonly labels: Labels;
  /**
   * Writes the values of `count` moments from the `first` on, as `values[i * lines.length + line]`; NaN on
   * all lines of a moment is a gap. Windows come in order and begin at multiples of the same size, so that
   * whatever several series share may be kept by window.
   */
  fill(values: Float64Array, first: number, count: number): void;
}
