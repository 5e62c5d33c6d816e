import { type Labels, METRIC_NAME } from "@linklight/model";
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
  return METADATA_LABELS.some((name) => labels.has(name))
    ? labels.without(...METADATA_LABELS)
    : labels;
}
