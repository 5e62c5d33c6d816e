import { type Labels, METRIC_NAME } from "@linklight/model";
import { SERIES_WORK } from "./budget.ts";
import type { EvalContext } from "./context.ts";
import type { OperatorSeries } from "./operator.ts";

/** Labels that say what a metric is, and no longer hold once its values were computed with. */
const METADATA_LABELS = [METRIC_NAME, "__type__", "__unit__"];

/**
 * A series whose values are no longer those of its metric: the name is marked to be dropped at the end of the
 * query where names are removed late, and dropped here otherwise.
 */
export function dropMetricName(
  series: OperatorSeries,
  { features }: Pick<EvalContext, "features">,
): OperatorSeries {
  if (features.has("promql-delayed-name-removal"))
    return series.dropName ? series : { labels: series.labels, dropName: true };
  return { labels: withoutMetricName(series.labels), dropName: false };
}

/** A label set without the name, type and unit of its metric. */
export function withoutMetricName(labels: Labels): Labels {
  return labels.without(...METADATA_LABELS);
}

/** Series after their names were dropped, in their order. */
export interface DroppedNames {
  readonly series: readonly OperatorSeries[];
  /** Whether two of them may now be equal. They cannot where all were of one metric. */
  readonly mayCollide: boolean;
}

/** Drops the names of all series of an operator, which are different ones. */
export async function dropMetricNames(
  series: readonly OperatorSeries[],
  context: Pick<EvalContext, "features" | "budget">,
): Promise<DroppedNames> {
  const { features, budget } = context;
  const isLate = features.has("promql-delayed-name-removal");
  const first = series[0];
  const name = first?.labels.get(METRIC_NAME);
  let mayCollide = false;
  const dropped: OperatorSeries[] = [];
  for (const one of series) {
    const after = dropMetricName(one, context);
    dropped.push(after);
    mayCollide ||= isLate
      ? one.dropName !== first?.dropName
      : one.labels.get(METRIC_NAME) !== name ||
        one.labels.size - after.labels.size > (name === "" ? 0 : 1);
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  return { series: dropped, mayCollide };
}
