import { Labels } from "@linklight/model";
import { withoutMetricName } from "../eval/metric-name.ts";
import type { BinaryExpr, VectorMatching } from "../syntax/ast.ts";
import { isArithmetic } from "./arithmetic.ts";

/**
 * The labels of what comes of a pair of series: those of the "many" side, less what describes its metric where the
 * operator computes another number; between single series only those that were matched on; with the labels of
 * `group_left(…)` or `group_right(…)` from the "one" side, where an absent label removes the other side's.
 *
 * `dropsName`: whether a `bool` comparison drops the metric name here, rather than at the end of the query.
 */
export function resultLabels(
  many: Labels,
  one: Labels,
  expr: BinaryExpr,
  matching: VectorMatching,
  dropsName: boolean,
): Labels {
  let labels = many;
  if (isArithmetic(expr.operator)) labels = withoutMetricName(labels);
  if (matching.cardinality === "one-to-one")
    labels = matching.on ? labels.keep(...matching.labels) : labels.without(...matching.labels);
  if (matching.include.length > 0) {
    const included = one.keep(...matching.include);
    labels = Labels.from([...labels.without(...matching.include), ...included]);
  }
  return expr.returnBool && dropsName ? withoutMetricName(labels) : labels;
}
