import { isStaleMarker } from "@linklight/model";
import { inTurns } from "../eval/budget.ts";
import type { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import type { ReadableSeries } from "../queryable/queryable.ts";
import { SampleColumns } from "../queryable/sample-columns.ts";
import type { VectorSelector } from "../syntax/ast.ts";
import { interpolate, withoutStaleMarkers } from "./interpolate.ts";
import {
  type ReferenceTimes,
  readSamples,
  referenceTimes,
  selectSeries,
  seriesOf,
} from "./select-series.ts";

/** What an instant selector gives for the sample that it found. */
export type SampleReading = "value" | "timestamp" | "startTimestamp";

/**
 * Opens an instant selector: at each step the latest sample in (t − lookback, t], unless that is a staleness
 * marker. `reading` asks for the sample's own time or its start timestamp instead, in seconds.
 */
export async function openVectorSelector(
  expr: VectorSelector,
  context: EvalContext,
  reading: SampleReading = "value",
): Promise<VectorOperator> {
  const { lookbackDeltaMs } = context;
  const selected = referenceTimes(expr, context);
  // As in Prometheus, `timestamp` forgets an offset beside `@` after it has selected samples by it.
  const forgets = reading === "timestamp" && expr.at !== undefined && expr.offset !== undefined;
  const times = forgets ? referenceTimes({ ...expr, offset: undefined }, context) : selected;
  const ahead = expr.extension === "smoothed" ? lookbackDeltaMs : 0;
  const window = {
    // Left-open: a sample exactly one lookback ago is too old.
    minTime: selected.first - lookbackDeltaMs + (ahead > 0 ? 0 : 1),
    maxTime: selected.last + ahead,
    rangeMs: 0,
  };
  const readable = await selectSeries(expr, window, context);
  const series = await seriesOf(readable, context);
  return new VectorSelectorOperator(series, readable, window, times, expr, reading, context);
}

class VectorSelectorOperator implements VectorOperator {
  readonly series: readonly OperatorSeries[];
  readonly #readable: readonly ReadableSeries[];
  readonly #window: { readonly minTime: number; readonly maxTime: number };
  readonly #times: ReferenceTimes;
  readonly #expr: VectorSelector;
  readonly #reading: SampleReading;
  readonly #context: EvalContext;
  readonly #samples = new SampleColumns();
  /** The first sample after the last step that was looked at. */
  #next = 0;

  constructor(
    series: readonly OperatorSeries[],
    readable: readonly ReadableSeries[],
    window: { readonly minTime: number; readonly maxTime: number },
    times: ReferenceTimes,
    expr: VectorSelector,
    reading: SampleReading,
    context: EvalContext,
  ) {
    this.series = series;
    this.#readable = readable;
    this.#window = window;
    this.#times = times;
    this.#expr = expr;
    this.#reading = reading;
    this.#context = context;
  }

  column(i: number, into: Column): Pending {
    const samples = this.#samples;
    samples.clear();
    const pending = readSamples(this.#readable[i] as ReadableSeries, samples, this.#window);
    if (pending !== undefined) return pending.then(() => this.#fill(into));
    return this.#fill(into);
  }

  #fill(into: Column): Pending {
    into.clear();
    const samples = this.#samples;
    const { budget, lookbackDeltaMs } = this.#context;
    budget.spend(samples.length);
    const steps = into.present.length;
    if (this.#expr.extension === "smoothed") {
      const floats = withoutStaleMarkers(samples);
      return inTurns(steps, budget, (from, to) =>
        interpolate(floats, this.#times, lookbackDeltaMs, into, from, to),
      );
    }
    if (samples.length === 0) return undefined;
    this.#next = 0;
    return inTurns(steps, budget, (from, to) => this.#lookUp(samples, into, from, to));
  }

  /** Finds the samples of some steps, which come in ascending order. */
  #lookUp(samples: SampleColumns, into: Column, from: number, to: number): void {
    const { timestamps, values, histograms, length } = samples;
    const { present, values: result } = into;
    const lookback = this.#context.lookbackDeltaMs;
    const times = this.#times;
    const asValue = this.#reading === "value";
    let next = this.#next;
    for (let k = from; k < to; k++) {
      const time = times.at(k);
      while (next < length && (timestamps[next] as number) <= time) next++;
      if (next === 0) continue;
      const last = next - 1;
      if ((timestamps[last] as number) <= time - lookback) continue;
      const value = values[last] as number;
      if (Number.isNaN(value)) {
        const histogram = histograms?.[last];
        if (histogram !== undefined && asValue) {
          into.setHistogram(k, histogram);
          continue;
        }
        if (histogram === undefined && isStaleMarker(value)) continue;
      }
      present[k] = 1;
      result[k] = asValue ? value : this.#timeOf(samples, last);
    }
    this.#next = next;
  }

  #timeOf({ timestamps, startTimestamps }: SampleColumns, i: number): number {
    const time = this.#reading === "timestamp" ? timestamps[i] : startTimestamps?.[i];
    return (time ?? 0) / 1000;
  }
}
