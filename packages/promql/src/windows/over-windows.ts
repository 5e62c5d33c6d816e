import { METRIC_NAME } from "@linklight/model";
import { ABSENT, type Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { mergeSameLabels, relabelled, SAME_LABELS } from "../eval/merge-same-labels.ts";
import { dropMetricNames } from "../eval/metric-name.ts";
import type { MatrixOperator, OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import { stepTime } from "../eval/steps.ts";
import { SampleColumns } from "../queryable/sample-columns.ts";
import { Window, type WindowKernel } from "./window.ts";

/**
 * Windows of more samples than this are prepared with pauses by kernels that do much with each sample; and more windows
 * than this are not computed all at once.
 */
const LARGE = 65_536;

/** What becomes of the metric name, and of the remarks about histograms. */
export interface OverWindowsOptions {
  /** The value is one of the samples, so that the name still fits: `last_over_time`. */
  readonly keepsName?: boolean;
  /** Told of a window with floats and histograms when the function looks at the floats only. */
  readonly onIgnoredHistograms?: (metricName: string) => void;
  /** Told of such a window when the function gives nothing for it. */
  readonly onMixed?: (metricName: string) => void;
}

/**
 * An instant vector: at each step, what a kernel makes of the window of each series. Two pointers slide over the
 * samples, so that each is looked at by the kernel only.
 */
export async function overWindows(
  matrix: MatrixOperator,
  kernel: WindowKernel,
  context: EvalContext,
  options: OverWindowsOptions = {},
): Promise<VectorOperator> {
  const operator = new OverWindows(matrix, kernel, context, options);
  if (options.keepsName === true) return operator;
  const { series, mayCollide } = await dropMetricNames(matrix.series, context);
  if (!mayCollide) return relabelled(operator, series);
  const isDropped = !context.features.has("promql-delayed-name-removal");
  return mergeSameLabels(isDropped ? refusingTwins(operator, series) : operator, series, context);
}

/**
 * The same vector, whose query fails as soon as two series of equal new labels have samples, be it at different
 * steps: unlike other functions, those over range vectors do not join them.
 */
function refusingTwins(vector: VectorOperator, series: readonly OperatorSeries[]): VectorOperator {
  const keys = series.map(({ labels }) => labels.key);
  if (new Set(keys).size === keys.length) return vector;
  const occupants = new Map<string, number>();
  const check = (i: number, { present }: Column): void => {
    if (!present.some((state) => state !== ABSENT)) return;
    const key = keys[i] as string;
    if ((occupants.get(key) ?? i) !== i) throw executionError(SAME_LABELS);
    occupants.set(key, i);
  };
  return {
    series: vector.series,
    column(i, into) {
      const pending = vector.column(i, into);
      if (pending !== undefined) return pending.then(() => check(i, into));
      check(i, into);
      return undefined;
    },
  };
}

/** What a window of a kernel that computes all of them costs, in samples. */
const WINDOW_WORK = 2;

class OverWindows implements VectorOperator {
  readonly series: readonly OperatorSeries[];
  readonly #matrix: MatrixOperator;
  readonly #kernel: WindowKernel;
  readonly #context: EvalContext;
  readonly #options: OverWindowsOptions;
  readonly #samples = new SampleColumns();
  readonly #window = new Window();
  /** The end of the window at each step, in ms. */
  readonly #ends: Float64Array;
  /** The step whose window has been prepared, or is to be. */
  #prepared = -1;

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
    this.#ends = new Float64Array(context.steps.count);
    for (let k = 0; k < this.#ends.length; k++) this.#ends[k] = matrix.windowEnd(k);
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
    const window = this.#window;
    if (window.histograms.length > 0) {
      window.histograms = [];
      window.histogramTimestamps = [];
    }
    window.histogramFrom = 0;
    window.histogramTo = 0;
    if (samples.histograms !== undefined) takeHistogramsOut(samples, window);
    window.timestamps = samples.timestamps;
    window.values = samples.values;
    window.startTimestamps = samples.startTimestamps;
    window.length = samples.length;
    window.rangeMs = this.#matrix.rangeMs;
    window.lookbackMs = this.#matrix.lookbackMs;
    window.metricName = (this.series[i] as OperatorSeries).labels.get(METRIC_NAME);
    window.from = 0;
    window.to = 0;
    this.#prepared = -1;
    this.#kernel.begin?.(window);
    if (this.#computeAll(into)) {
      this.#end(i, into);
      return undefined;
    }
    const stopped = this.#slide(0, into);
    if (stopped < into.present.length) return this.#goOn(i, stopped, into);
    this.#end(i, into);
    return undefined;
  }

  /** Lets the kernel compute all windows of the series at once, where it can; false where it cannot. */
  #computeAll(into: Column): boolean {
    const window = this.#window;
    const kernel = this.#kernel;
    if (
      kernel.computeAll === undefined ||
      this.#ends.length > LARGE ||
      window.histograms.length > 0 ||
      window.startTimestamps !== undefined ||
      this.#matrix.extension !== undefined
    )
      return false;
    kernel.computeAll(window, this.#ends, into);
    // At most so many windows take about a millisecond: whoever asked for the series pauses.
    this.#context.budget.spend(WINDOW_WORK * this.#ends.length);
    return true;
  }

  /** The rest of a series that takes longer than others should wait. */
  async #goOn(i: number, stopped: number, into: Column): Promise<void> {
    const { budget } = this.#context;
    let step = stopped;
    while (step < into.present.length) {
      if (this.#prepared === step) await this.#kernel.prepare?.(this.#window, budget);
      else await budget.pause();
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
    const ends = this.#ends;
    const { timestamps, length, rangeMs } = window;
    const hasHistograms = window.histograms.length > 0;
    const always = kernel.takesHistograms === true;
    const extended = this.#matrix.extension !== undefined;
    let { from, to } = window;
    for (let k = first; k < present.length; k++) {
      const endMs = ends[k] as number;
      const startMs = endMs - rangeMs;
      while (to < length && (timestamps[to] as number) <= endMs) to++;
      while (from < to && (timestamps[from] as number) <= startMs) from++;
      window.from = from;
      window.to = to;
      window.startMs = startMs;
      window.endMs = endMs;
      window.step = k;
      window.timeMs = stepTime(steps, k);
      if (hasHistograms && this.#slideHistograms()) continue;
      if (to - from > LARGE && kernel.prepare !== undefined && this.#prepared !== k) {
        this.#prepared = k;
        return k;
      }
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
      if (present[k] !== FLOAT) continue;
      kernel.end(labels);
      return;
    }
  }

  /** Finds the histograms of the window; true where it has floats, too, and so no value. */
  #slideHistograms(): boolean {
    const window = this.#window;
    const { histogramTimestamps: times, startMs, endMs } = window;
    let { histogramFrom, histogramTo } = window;
    while (histogramTo < times.length && (times[histogramTo] as number) <= endMs) histogramTo++;
    while (histogramFrom < histogramTo && (times[histogramFrom] as number) <= startMs)
      histogramFrom++;
    window.histogramFrom = histogramFrom;
    window.histogramTo = histogramTo;
    if (histogramTo === histogramFrom || window.to === window.from) return false;
    const { onIgnoredHistograms, onMixed } = this.#options;
    onIgnoredHistograms?.(window.metricName);
    onMixed?.(window.metricName);
    return onMixed !== undefined;
  }
}

/** Leaves the floats in `samples`; histograms are few, and stand in the window. */
function takeHistogramsOut(samples: SampleColumns, window: Window): void {
  const { timestamps, values, startTimestamps, histograms = [] } = samples;
  let kept = 0;
  for (let i = 0; i < samples.length; i++) {
    const histogram = histograms[i];
    if (histogram !== undefined) {
      window.histograms.push(histogram);
      window.histogramTimestamps.push(timestamps[i] as number);
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
