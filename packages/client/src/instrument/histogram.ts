import type { SeriesPart } from "@linklight/exposition";
import { type ExemplarLabels, makeExemplar } from "../family/exemplar.ts";
import { checkBounds, histogramLines } from "../family/lines.ts";
import { Series, type SeriesTable } from "../family/series-table.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";
import {
  checkNativeBuckets,
  type NativeBucketOptions,
  NativeObservations,
} from "./native-observations.ts";

/** The bounds used when none are given, in seconds: 5 ms to 10 s. */
export const DEFAULT_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Options of a {@link Histogram}. */
export interface HistogramOptions<L extends string = never> extends InstrumentOptions<L> {
  /** Upper bounds of the classic buckets, ascending; +Inf is added. {@link DEFAULT_BUCKETS} unless there are native buckets. */
  readonly buckets?: readonly number[];
  /** Keeps native buckets, which reach Prometheus by protobuf, alone or beside classic ones. */
  readonly nativeBuckets?: NativeBucketOptions;
}

/** What the series of one histogram share. */
interface Shape {
  readonly metric: string;
  readonly bounds: readonly number[];
  readonly native: NativeBucketOptions | undefined;
  readonly now: () => number;
}

/** One series of a {@link Histogram}. */
export class HistogramSeries extends Series {
  readonly #shape: Shape;
  /** @internal */
  readonly native: NativeObservations | undefined;

  constructor(table: SeriesTable<Series>, offset: number, shape: Shape) {
    super(table, offset);
    this.#shape = shape;
    this.native = shape.native && new NativeObservations(shape.native);
    table.setCreatedTimestamp(this, shape.now());
  }

  /** Counts one observation; with an exemplar if one is given. */
  observe(value: number, exemplar?: ExemplarLabels): void {
    if (typeof value !== "number")
      throw new TypeError(
        `metric ${this.#shape.metric}: observe() expects a number, got ${typeof value}`,
      );
    const { bounds, metric, now } = this.#shape;
    // First, since it may throw: what throws must not have counted.
    const made = exemplar && makeExemplar(metric, exemplar, value, now());
    const { values } = this.table;
    const bucket = bucketOf(bounds, value);
    // Buckets hold their own observations here and are summed up when copied.
    (values[this.offset + bucket] as number) += 1;
    (values[this.offset + bounds.length + 1] as number) += value;
    this.native?.observe(value);
    if (made) this.table.setExemplar(this, bucket, made);
  }

  /** Starts a clock; the function it returns observes the seconds since, and returns them. */
  startTimer(): (exemplar?: ExemplarLabels) => number {
    const start = performance.now();
    return (exemplar) => {
      const seconds = (performance.now() - start) / 1000;
      this.observe(seconds, exemplar);
      return seconds;
    };
  }
}

/** The first bucket whose bound is at least `value`; NaN goes to +Inf. */
function bucketOf(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Counts observations by size, so that a server can compute quantiles over many instances.
 *
 * ```ts
 * const size = new Histogram({ name: "frame_size_bytes", help: "Frames by size", buckets: [64, 512, 1518] });
 * size.observe(100);     // frame_size_bytes_bucket{le="64"} 0   …{le="512"} 1   …{le="+Inf"} 1, _sum 100, _count 1
 * ```
 */
export class Histogram<L extends string = never> extends Instrument<L, HistogramSeries> {
  readonly #native: boolean;

  constructor(options: HistogramOptions<L>) {
    const { nativeBuckets: native, name } = options;
    const bounds = checkBounds(name, options.buckets ?? (native ? [] : DEFAULT_BUCKETS));
    if (native) checkNativeBuckets(name, native);
    super(
      "histogram",
      options,
      () => histogramLines(bounds),
      (table, offset, now, info) =>
        new HistogramSeries(table, offset, { metric: info.name, bounds, native, now }),
    );
    this.#native = native !== undefined;
  }

  /** Counts one observation in a histogram without labels. */
  observe(value: number, exemplar?: ExemplarLabels): void {
    this.single().observe(value, exemplar);
  }

  startTimer(): (exemplar?: ExemplarLabels) => number {
    return this.single().startTimer();
  }

  protected override part(): SeriesPart {
    const part = this.columns.snapshot();
    accumulate(part);
    return this.#native
      ? { ...part, natives: [...this.columns].map((series) => series.native?.snapshot()) }
      : part;
  }
}

/** Sums the buckets up to cumulative counts, in the copy, and fills in the count. */
function accumulate({ values, lines, size }: SeriesPart): void {
  const buckets = lines.length - 2;
  for (let series = 0; series < size; series++) {
    const start = series * lines.length;
    let count = 0;
    for (let i = start; i < start + buckets; i++) {
      count += values[i] as number;
      values[i] = count;
    }
    values[start + buckets + 1] = count;
  }
}
