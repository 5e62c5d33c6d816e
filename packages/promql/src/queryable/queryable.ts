import type { Labels, Matcher } from "@linklight/model";
import type { SampleColumns } from "./sample-columns.ts";

/**
 * Where the engine finds its series: what a storage implements to be asked in PromQL.
 *
 * ```ts
 * const one: Queryable = {
 *   select: ({ matchers }) => ({
 *     series: [{
 *       labels: Labels.from({ __name__: "up" }),
 *       read: (into, minTime, maxTime) => {
 *         for (let t = 0; t <= maxTime; t += 15_000) if (t >= minTime) into.pushFloat(t, 1);
 *       },
 *     }].filter(({ labels }) => matchers.every((m) => m.matches(labels.get(m.name)))),
 *   }),
 * };
 * ```
 */
export interface Queryable {
  /**
   * The series that satisfy all matchers and may have samples in the selection's time, each label set once,
   * ascending by `Labels.compare`. May be asked several times during one query, also while series of an
   * earlier answer are read; the answers must agree about samples that existed when the query began.
   */
  select(selection: Selection): Promise<SelectedSeries> | SelectedSeries;
}

/** What a query needs, and hints that a storage may use or ignore. */
export interface Selection {
  readonly matchers: readonly Matcher[];
  /** The earliest and latest timestamp of interest in ms, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  /** The step of the query in ms; 0 for an instant query. */
  readonly stepMs: number;
  /** The width of a range selector in ms; 0 for an instant selector. */
  readonly rangeMs: number;
  /** The function or aggregation directly around the selector, if any. */
  readonly around: string | undefined;
  /** Ends the query when it fires: storages with slow reads should stop then. */
  readonly signal: AbortSignal | undefined;
}

export interface SelectedSeries {
  readonly series: readonly ReadableSeries[];
  /** What the user should know about this answer (a part was unreachable …); added to the result's warnings. */
  readonly warnings?: readonly string[];
}

/** One series of an answer. */
export interface ReadableSeries {
  readonly labels: Labels;
  /**
   * Adds the samples with minTime ≤ timestamp ≤ maxTime to `into`, which the caller has cleared, in ascending
   * time, staleness markers included. A promise only where the storage has to wait; called for one series of a
   * query at a time, in any order, possibly never or more than once.
   */
  read(into: SampleColumns, minTime: number, maxTime: number): Promise<void> | undefined | void;
}
