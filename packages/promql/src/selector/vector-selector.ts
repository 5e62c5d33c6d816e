import { isStaleMarker } from "@linklight/model";
import type { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import type { ReadableSeries } from "../queryable/queryable.ts";
import { SampleColumns } from "../queryable/sample-columns.ts";
import type { VectorSelector } from "../syntax/ast.ts";
import { interpolate } from "./interpolate.ts";
import { type ReferenceTimes, readSamples, referenceTimes, selectSeries } from "./select-series.ts";

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
  const series = await selectSeries(expr, window, context);
  return new VectorSelectorOperator(series, window, times, expr, reading, context);
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

  constructor(
    readable: readonly ReadableSeries[],
    window: { readonly minTime: number; readonly maxTime: number },
    times: ReferenceTimes,
    expr: VectorSelector,
    reading: SampleReading,
    context: EvalContext,
  ) {
    this.series = readable.map(({ labels }) => ({ labels, dropName: false }));
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
    this.#fill(into);
    return undefined;
  }

  #fill(into: Column): void {
    into.clear();
    const samples = this.#samples;
    this.#context.budget.spend(samples.length);
    if (this.#expr.extension === "smoothed")
      interpolate(samples, this.#times, this.#context.lookbackDeltaMs, into);
    else if (samples.length > 0) this.#lookUp(samples, into);
  }

  #lookUp(samples: SampleColumns, into: Column): void {
    const { timestamps, values, histograms, length } = samples;
    const { present, values: result } = into;
    const lookback = this.#context.lookbackDeltaMs;
    const times = this.#times;
    const asValue = this.#reading === "value";
    let next = 0;
    for (let k = 0; k < present.length; k++) {
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
  }

  #timeOf({ timestamps, startTimestamps }: SampleColumns, i: number): number {
    const time = this.#reading === "timestamp" ? timestamps[i] : startTimestamps?.[i];
    return (time ?? 0) / 1000;
  }
}
