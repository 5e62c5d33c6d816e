import type { EvalContext } from "../eval/context.ts";
import type { MatrixOperator, OperatorSeries, Pending } from "../eval/operator.ts";
import type { ReadableSeries } from "../queryable/queryable.ts";
import type { SampleColumns } from "../queryable/sample-columns.ts";
import type { MatrixSelector } from "../syntax/ast.ts";
import { withoutStaleMarkers } from "./interpolate.ts";
import { resolveDuration } from "./resolve-duration.ts";
import {
  type ReferenceTimes,
  readSamples,
  referenceTimes,
  selectSeries,
  seriesOf,
} from "./select-series.ts";

/** Opens a range selector: the samples of each series that any step's window needs. */
export async function openMatrixSelector(
  { selector, range }: MatrixSelector,
  context: EvalContext,
): Promise<MatrixOperator> {
  const { query, text, lookbackDeltaMs } = context;
  const rangeMs = resolveDuration(range, "range", query, text);
  const times = referenceTimes(selector, context);
  const { extension } = selector;
  const lookbackMs = extension === undefined ? 0 : lookbackDeltaMs;
  const window = {
    // Left-open: a sample exactly that long ago is too old.
    minTime: times.first - rangeMs - lookbackMs + 1,
    maxTime: times.last + (extension === "smoothed" ? lookbackMs : 0),
    rangeMs,
  };
  const readable = await selectSeries(selector, window, context);
  const series = await seriesOf(readable, context);
  return new MatrixSelectorOperator(
    series,
    readable,
    window,
    times,
    extension,
    lookbackMs,
    context,
  );
}

class MatrixSelectorOperator implements MatrixOperator {
  readonly series: readonly OperatorSeries[];
  readonly rangeMs: number;
  readonly extension: "anchored" | "smoothed" | undefined;
  readonly lookbackMs: number;
  readonly #readable: readonly ReadableSeries[];
  readonly #window: { readonly minTime: number; readonly maxTime: number };
  readonly #times: ReferenceTimes;
  readonly #context: EvalContext;
  readonly #withStartTimestamps: boolean;
  /**
   * How much of the time that is read one window takes. Only that share of the samples counts as held, as in
   * Prometheus: the rest are one series' decoded columns, which every other series uses again.
   */
  readonly #windowShare: number;
  /** The most samples in a window so far, over all series. */
  #held = 0;

  constructor(
    series: readonly OperatorSeries[],
    readable: readonly ReadableSeries[],
    window: { readonly minTime: number; readonly maxTime: number; readonly rangeMs: number },
    times: ReferenceTimes,
    extension: "anchored" | "smoothed" | undefined,
    lookbackMs: number,
    context: EvalContext,
  ) {
    this.series = series;
    this.rangeMs = window.rangeMs;
    this.extension = extension;
    this.lookbackMs = lookbackMs;
    this.#readable = readable;
    this.#window = window;
    this.#times = times;
    this.#context = context;
    const readMs = window.maxTime - window.minTime + 1;
    this.#windowShare = (readMs - (times.last - times.first)) / readMs;
    this.#withStartTimestamps = context.features.has("use-start-timestamps");
  }

  windowEnd(k: number): number {
    return this.#times.at(k);
  }

  samples(i: number, into: SampleColumns): Pending {
    into.clear();
    const pending = readSamples(this.#readable[i] as ReadableSeries, into, this.#window);
    if (pending !== undefined) return pending.then(() => this.#finish(into));
    this.#finish(into);
    return undefined;
  }

  #finish(into: SampleColumns): void {
    this.#context.budget.spend(into.length);
    withoutStaleMarkers(into);
    if (!this.#withStartTimestamps) into.startTimestamps = undefined;
    const inWindow = Math.ceil(into.length * this.#windowShare);
    if (inWindow <= this.#held) return;
    this.#context.budget.hold(inWindow - this.#held);
    this.#held = inWindow;
  }
}
