import { SERIES_WORK } from "./budget.ts";
import { ABSENT, Column, HISTOGRAM } from "./column.ts";
import type { EvalContext } from "./context.ts";
import { dropMetricNames } from "./metric-name.ts";
import type { OperatorSeries, Pending, VectorOperator } from "./operator.ts";
import { executionError } from "./query-error.ts";

/** Prometheus' words for two samples of one label set at one time. */
export const SAME_LABELS = "vector cannot contain metrics with the same labelset";

/**
 * A vector of the series that `rename` gives, with those of equal labels made one. Their samples must be at different
 * steps: where two meet, the query fails, as in Prometheus.
 */
export async function renamed(
  vector: VectorOperator,
  rename: (series: OperatorSeries) => OperatorSeries,
  context: Pick<EvalContext, "steps" | "budget">,
): Promise<VectorOperator> {
  const { budget } = context;
  const series: OperatorSeries[] = [];
  for (const one of vector.series) {
    series.push(rename(one));
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  return mergeSameLabels(vector, series, context);
}

/** A vector whose values are no longer those of its metrics: their names are dropped, now or late. */
export async function unnamed(
  vector: VectorOperator,
  context: Pick<EvalContext, "steps" | "budget" | "features">,
): Promise<VectorOperator> {
  const { series, mayCollide } = await dropMetricNames(vector.series, context);
  return mayCollide ? mergeSameLabels(vector, series, context) : relabelled(vector, series);
}

/** The same vector under labels that are known to be different ones: element i is the new name of series i. */
export function relabelled(
  vector: VectorOperator,
  series: readonly OperatorSeries[],
): VectorOperator {
  return { series, column: (i, into) => vector.column(i, into) };
}

/** The same for series that are already named: element i is the new name of series i. */
export async function mergeSameLabels(
  vector: VectorOperator,
  series: readonly OperatorSeries[],
  { steps, budget }: Pick<EvalContext, "steps" | "budget">,
): Promise<VectorOperator> {
  const members = new Map<string, number[]>();
  for (const [i, { labels, dropName }] of series.entries()) {
    const key = dropName ? `-${labels.key}` : labels.key;
    const group = members.get(key);
    if (group === undefined) members.set(key, [i]);
    else group.push(i);
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  if (members.size === series.length) return relabelled(vector, series);
  const groups = [...members.values()];
  budget.hold(steps.count);
  const scratch = new Column(steps.count);
  return {
    series: groups.map(([first]) => series[first as number] as OperatorSeries),
    column(i, into) {
      const [first, ...others] = groups[i] as number[];
      const pending = vector.column(first as number, into);
      if (others.length === 0) return pending;
      return addAll(vector, others, scratch, into, pending, budget);
    },
  };
}

async function addAll(
  vector: VectorOperator,
  others: readonly number[],
  scratch: Column,
  into: Column,
  pending: Pending,
  budget: EvalContext["budget"],
): Promise<void> {
  if (pending !== undefined) await pending;
  for (const other of others) {
    const next = vector.column(other, scratch);
    if (next !== undefined) await next;
    addColumn(scratch, into);
    if (budget.spend(into.present.length)) await budget.pause();
  }
}

/** Adds the samples of one column to another. Throws QueryError where both have one. */
export function addColumn(from: Column, into: Column): void {
  for (let k = 0; k < from.present.length; k++) {
    if (from.present[k] === ABSENT) continue;
    if (into.present[k] !== ABSENT) throw executionError(SAME_LABELS);
    if (from.present[k] === HISTOGRAM) {
      const histogram = from.histograms?.[k];
      if (histogram !== undefined) into.setHistogram(k, histogram);
    } else {
      into.setFloat(k, from.values[k] as number);
    }
  }
}
