import type { Labels, Matcher } from "@linklight/model";
import type { SampleTarget } from "../chunk/sample-target.ts";
import type { Pause } from "../turns/pause.ts";

/** What is asked of the database: `promql`'s `Selection` is one. */
export interface Selection {
  readonly matchers: readonly Matcher[];
  /** ms, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
}

/** One series of an answer. */
export interface ReadableSeries {
  readonly labels: Labels;
  /**
   * Adds the samples with minTime ≤ timestamp ≤ maxTime to `into`, ascending, staleness markers included. Of the time
   * that was selected: of any other, there may be fewer.
   */
  read(into: SampleTarget, minTime: number, maxTime: number): void;
}

/** A part of the database that can be asked: the head, a block, or all of them together. */
export interface SeriesSource {
  /** The times of the first and the last sample in ms, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  /** Makes ready, in turns, what would otherwise be made in one go by the next question. */
  settle?(pause: Pause): Promise<void>;
  /** The series that satisfy all matchers and may have samples in the time, ascending by `Labels.compare`, each label set once. */
  select(selection: Selection): Iterable<ReadableSeries>;
  /** The labels of the series that satisfy all matchers, in the same order. */
  labelSets(matchers: readonly Matcher[]): Iterable<Labels>;
  /** All label names, ascending by UTF-8 bytes. */
  labelNames(): readonly string[];
  /** All values of a label, ascending by UTF-8 bytes. */
  labelValues(name: string): readonly string[];
}
