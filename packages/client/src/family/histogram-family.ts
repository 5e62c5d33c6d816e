import type { SeriesPart } from "@linklight/exposition";
import { type MetricType, type NativeHistogram, nativeHistogramProblem } from "@linklight/model";
import { checkBounds, histogramLines } from "./lines.ts";
import { applyOptions, type ValueOptions } from "./number-family.ts";
import type { FamilyOptions } from "./options.ts";
import { type LabelsOf, SeriesFamily } from "./series-family.ts";
import { Series } from "./series-table.ts";

/** Options of a {@link HistogramFamily}. */
export interface HistogramFamilyOptions<L extends string = string> extends FamilyOptions<L> {
  /** Upper bounds of the classic buckets, ascending; +Inf is added. Leave it out for native histograms only. */
  readonly buckets?: readonly number[];
}

/** What a collector knows of one histogram. */
export interface HistogramValue {
  /** Observations of each bucket alone (not summed up), one for each bound and one for +Inf. */
  readonly counts?: readonly number[];
  /** The sum of all observed values. */
  readonly sum?: number;
  /** The same, or all there is, as a native histogram. */
  readonly native?: NativeHistogram;
}

/** The handle of one histogram that a collector keeps. */
export class HistogramHandle extends Series {
  /** @internal */
  native: NativeHistogram | undefined;

  /** Sets what the next collection shows. Throws RangeError when counts do not fit the buckets or a native histogram is unsound. */
  set(value: HistogramValue, options?: Omit<ValueOptions, "exemplar">): void {
    const { lines, values } = this.table;
    const buckets = lines.length - 2;
    const { counts, native } = value;
    if (counts === undefined && native === undefined)
      throw new TypeError(
        `metric ${this.table.metric}: a histogram needs counts or a native histogram`,
      );
    if (counts !== undefined && counts.length !== buckets) {
      throw new RangeError(
        `metric ${this.table.metric}: expected ${buckets} bucket counts, one for each bound and one for +Inf, got ${counts.length}`,
      );
    }
    const problem = native && nativeHistogramProblem(native);
    if (problem !== undefined)
      throw new RangeError(`metric ${this.table.metric}: unsound native histogram: ${problem}`);
    let total = 0;
    for (let i = 0; i < buckets; i++) {
      total += counts?.[i] ?? 0;
      values[this.offset + i] = total;
    }
    if (counts === undefined && native !== undefined) {
      total = native.count;
      values[this.offset + buckets - 1] = total;
    }
    values[this.offset + buckets] = value.sum ?? native?.sum ?? Number.NaN;
    values[this.offset + buckets + 1] = total;
    this.native = native;
    applyOptions(this, options, 0, 0);
  }
}

abstract class HistogramLikeFamily<L extends string> extends SeriesFamily<L, HistogramHandle> {
  constructor(type: MetricType, options: HistogramFamilyOptions<L>) {
    const bounds = checkBounds(options.name, options.buckets ?? []);
    super(
      type,
      options,
      () => histogramLines(bounds, type === "gaugehistogram"),
      (table, offset) => new HistogramHandle(table, offset),
    );
  }

  /** The handle of the histogram with these labels, to be kept by a collector that keeps its family too. */
  series(labels: LabelsOf<L>): HistogramHandle {
    return this.at(labels);
  }

  /** Adds a histogram, in a family made afresh in each collection. Throws TypeError when the labels repeat. */
  add(labels: LabelsOf<L>, value: HistogramValue, options?: Omit<ValueOptions, "exemplar">): this {
    this.addNew(labels).set(value, options);
    return this;
  }

  protected override part(): SeriesPart {
    const part = this.columns.snapshot();
    const natives = [...this.columns].map((series) => series.native);
    return natives.some((native) => native !== undefined) ? { ...part, natives } : part;
  }
}

/**
 * Histograms that a collector read elsewhere: classic buckets, native buckets, or both.
 *
 * ```ts
 * yield new HistogramFamily({ name: "frame_size_bytes", help: "Frames by size", buckets: [64, 1518] })
 *   .add({}, { counts: [10, 5, 1], sum: 9000 });      // buckets 10, 15, 16
 * ```
 */
export class HistogramFamily<L extends string = never> extends HistogramLikeFamily<L> {
  constructor(options: HistogramFamilyOptions<L>) {
    super("histogram", options);
  }
}

/** Histograms of what is there now (ages of items in a queue), whose buckets go up and down. */
export class GaugeHistogramFamily<L extends string = never> extends HistogramLikeFamily<L> {
  constructor(options: HistogramFamilyOptions<L>) {
    super("gaugehistogram", options);
  }
}
