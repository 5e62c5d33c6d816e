import { assert } from "@linklight/model";
import { inTurns } from "../eval/budget.ts";
import { Column, FLOAT, HISTOGRAM } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { MatrixOperator, OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import type { Steps } from "../eval/steps.ts";
import type { SampleColumns } from "../queryable/sample-columns.ts";
import type { Subquery } from "../syntax/ast.ts";
import { resolveDuration } from "./resolve-duration.ts";
import { type ReferenceTimes, referenceTimes } from "./select-series.ts";

/**
 * Opens a subquery: its inner expression at every multiple of its step that any window needs. The steps do not
 * depend on the query's own times, so that a query moved a little sees the same samples.
 */
export async function openSubquery(expr: Subquery, context: EvalContext): Promise<MatrixOperator> {
  const { query, text, defaultSubqueryStepMs } = context;
  const rangeMs = resolveDuration(expr.range, "range", query, text);
  const stepMs =
    expr.step === undefined
      ? defaultSubqueryStepMs
      : resolveDuration(expr.step, "step", query, text);
  const times = referenceTimes(expr, context);
  // Left-open: a step exactly one range ago is outside.
  const earliest = times.first - rangeMs;
  let startMs = stepMs * Math.trunc(earliest / stepMs);
  if (startMs <= earliest) startMs += stepMs;
  const count = Math.max(0, Math.floor((times.last - startMs) / stepMs) + 1);
  const steps = { startMs, stepMs, count };
  if (count === 0) return new SubqueryOperator(NOTHING, steps, rangeMs, times, context);
  const inner = await context.open(expr.expr, steps);
  assert(inner.type === "vector", `subquery over a ${inner.type}`);
  return new SubqueryOperator(inner.vector, steps, rangeMs, times, context);
}

const NOTHING: VectorOperator = { series: [], column: () => undefined };

class SubqueryOperator implements MatrixOperator {
  readonly series: readonly OperatorSeries[];
  readonly rangeMs: number;
  readonly extension = undefined;
  readonly lookbackMs = 0;
  readonly #vector: VectorOperator;
  readonly #steps: Steps;
  readonly #times: ReferenceTimes;
  readonly #column: Column;
  readonly #budget: EvalContext["budget"];
  /** The most samples of a series so far: they are in memory while the next one's are. */
  #held = 0;

  constructor(
    vector: VectorOperator,
    steps: Steps,
    rangeMs: number,
    times: ReferenceTimes,
    { budget }: EvalContext,
  ) {
    this.series = vector.series;
    this.rangeMs = rangeMs;
    this.#vector = vector;
    this.#steps = steps;
    this.#times = times;
    // The inner expression's column is held since it was opened.
    this.#column = new Column(steps.count);
    this.#budget = budget;
  }

  windowEnd(k: number): number {
    return this.#times.at(k);
  }

  samples(i: number, into: SampleColumns): Pending {
    into.clear();
    const pending = this.#vector.column(i, this.#column);
    if (pending !== undefined) return pending.then(() => this.#gather(into));
    return this.#gather(into);
  }

  #gather(into: SampleColumns): Pending {
    const steps = this.#steps.count;
    const pending = inTurns(steps, this.#budget, (from, to) => this.#gatherSteps(into, from, to));
    if (pending !== undefined) return pending.then(() => this.#hold(into));
    this.#hold(into);
    return undefined;
  }

  #gatherSteps(into: SampleColumns, from: number, to: number): void {
    const { present, values, histograms } = this.#column;
    const { startMs, stepMs } = this.#steps;
    into.reserve(into.length + to - from);
    const { timestamps, values: gathered } = into;
    for (let k = from; k < to; k++) {
      if (present[k] === FLOAT) {
        timestamps[into.length] = startMs + k * stepMs;
        gathered[into.length] = values[k] as number;
        into.length++;
      } else if (present[k] === HISTOGRAM) {
        const histogram = histograms?.[k];
        if (histogram !== undefined) into.pushHistogram(startMs + k * stepMs, histogram);
      }
    }
  }

  #hold(into: SampleColumns): void {
    if (into.length <= this.#held) return;
    this.#budget.hold(into.length - this.#held);
    this.#held = into.length;
  }
}
