import { METRIC_NAME, type NativeHistogram } from "@linklight/model";
import { ABSENT, type Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { mergeSameLabels } from "../eval/merge-same-labels.ts";
import { dropMetricName } from "../eval/metric-name.ts";
import type { MatrixOperator, OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import { stepTime } from "../eval/steps.ts";
import { SampleColumns } from "../queryable/sample-columns.ts";
import { Window, type WindowKernel } from "./window.ts";

/** What becomes of the metric name, and of the remarks about histograms. */
export interface OverWindowsOptions {
  /** The value is one of the samples, so that the name still fits: `last_over_time`. */
  readonly keepsName?: boolean;
  /** Told of a window with floats and histograms, which the function ignores. Once a series. */
  readonly onIgnoredHistograms?: (metricName: string) => void;
}

/**
 * An instant vector: at each step, what a kernel makes of the window of each series. Two pointers slide over the
 * samples, so that each is looked at by the kernel only.
 */
export function overWindows(
  matrix: MatrixOperator,
  kernel: WindowKernel,
  context: EvalContext,
  options: OverWindowsOptions = {},
): VectorOperator {
  const operator = new OverWindows(matrix, kernel, context, options);
  const series =
    options.keepsName === true
      ? matrix.series
      : matrix.series.map((one) => dropMetricName(one, context));
  return mergeSameLabels(operator, series, context);
}

class OverWindows implements VectorOperator {
  readonly series: readonly OperatorSeries[];
  readonly #matrix: MatrixOperator;
  readonly #kernel: WindowKernel;
  readonly #context: EvalContext;
  readonly #options: OverWindowsOptions;
  readonly #samples = new SampleColumns();
  readonly #window = new Window();
  /** The histograms of the series, where it has any, apart from its floats. */
  #histograms: NativeHistogram[] = [];
  #histogramTimes: number[] = [];

  constructor(
    matrix: MatrixOperator,
    kernel: WindowKernel,
    context: EvalContext,
    options: OverWindowsOptions,
  ) {
    this.series = matrix.series;
    this.#matrix = matrix;
    this.#kernel = kernel;
    this.#context = context;
    this.#options = options;
  }

  column(i: number, into: Column): Pending {
    const pending = this.#matrix.samples(i, this.#samples);
    if (pending !== undefined) return pending.then(() => this.#compute(i, into));
    return this.#compute(i, into);
  }

  #compute(i: number, into: Column): Pending {
    into.clear();
    const samples = this.#samples;
    if (samples.length === 0) return undefined;
    if (samples.histograms !== undefined) this.#takeHistogramsOut();
    else if (this.#histograms.length > 0) {
      this.#histograms = [];
      this.#histogramTimes = [];
    }
    const window = this.#window;
    window.timestamps = samples.timestamps;
    window.values = samples.values;
    window.startTimestamps = samples.startTimestamps;
    window.length = samples.length;
    window.rangeMs = this.#matrix.rangeMs;
    window.lookbackMs = this.#matrix.lookbackMs;
    window.metricName = (this.series[i] as OperatorSeries).labels.get(METRIC_NAME);
    window.histogramCount = 0;
    window.from = 0;
    window.to = 0;
    this.#kernel.begin?.(window);
    const stopped = this.#slide(0, into);
    if (stopped < into.present.length) return this.#goOn(i, stopped, into);
    this.#end(i, into);
    return undefined;
  }

  /** The rest of a series that takes longer than others should wait. */
  async #goOn(i: number, stopped: number, into: Column): Promise<void> {
    let step = stopped;
    while (step < into.present.length) {
      await this.#context.budget.pause();
      step = this.#slide(step, into);
    }
    this.#end(i, into);
  }

  /** Computes steps from `first` on, until all are done or it is time to pause; returns the next one. */
  #slide(first: number, into: Column): number {
    const { steps, budget } = this.#context;
    const { present, values } = into;
    const window = this.#window;
    const kernel = this.#kernel;
    const matrix = this.#matrix;
    const { timestamps, length, rangeMs } = window;
    const hasHistograms = this.#histograms.length > 0;
    const always = kernel.takesHistograms === true;
    const extended = matrix.extension !== undefined;
    let { from, to } = window;
    for (let k = first; k < present.length; k++) {
      const endMs = matrix.windowEnd(k);
      const startMs = endMs - rangeMs;
      while (to < length && (timestamps[to] as number) <= endMs) to++;
      while (from < to && (timestamps[from] as number) <= startMs) from++;
      window.from = from;
      window.to = to;
      window.startMs = startMs;
      window.endMs = endMs;
      window.step = k;
      window.timeMs = stepTime(steps, k);
      if (hasHistograms) this.#countHistograms();
      const isEmpty = from === to && !extended && !(always && window.histogramCount > 0);
      if (!isEmpty && kernel.compute(window)) {
        if (window.resultHistogram === undefined) {
          present[k] = FLOAT;
          values[k] = window.result;
        } else {
          into.setHistogram(k, window.resultHistogram);
          window.resultHistogram = undefined;
        }
      }
      const cost = kernel.cost === undefined ? to - from + 2 : kernel.cost(window);
      if (budget.spend(cost)) return k + 1;
    }
    return present.length;
  }

  #end(i: number, { present }: Column): void {
    const kernel = this.#kernel;
    if (kernel.end === undefined) return;
    const { labels } = this.series[i] as OperatorSeries;
    for (let k = 0; k < present.length; k++) {
      if (present[k] === ABSENT) continue;
      kernel.end(labels);
      return;
    }
  }

  #takeHistogramsOut(): void {
    const samples = this.#samples;
    const { timestamps, values, startTimestamps, histograms = [] } = samples;
    this.#histograms = [];
    this.#histogramTimes = [];
    let kept = 0;
    for (let i = 0; i < samples.length; i++) {
      const histogram = histograms[i];
      if (histogram !== undefined) {
        this.#histograms.push(histogram);
        this.#histogramTimes.push(timestamps[i] as number);
        continue;
      }
      timestamps[kept] = timestamps[i] as number;
      values[kept] = values[i] as number;
      if (startTimestamps !== undefined) startTimestamps[kept] = startTimestamps[i] as number;
      kept++;
    }
    samples.length = kept;
    samples.histograms = undefined;
  }

  /** Histograms are few, and looked for anew at each step. */
  #countHistograms(): void {
    const window = this.#window;
    const times = this.#histogramTimes;
    let first = 0;
    while (first < times.length && (times[first] as number) <= window.startMs) first++;
    let end = first;
    while (end < times.length && (times[end] as number) <= window.endMs) end++;
    window.histogramCount = end - first;
    window.firstHistogram = end > first ? this.#histograms[first] : undefined;
    window.firstHistogramMs = times[first] ?? 0;
    window.lastHistogram = end > first ? this.#histograms[end - 1] : undefined;
    window.lastHistogramMs = times[end - 1] ?? 0;
    const { onIgnoredHistograms } = this.#options;
    if (onIgnoredHistograms !== undefined && end > first && window.to > window.from)
      onIgnoredHistograms(window.metricName);
  }
}
