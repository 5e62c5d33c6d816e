import { Labels, METRIC_NAME } from "@linklight/model";
import type { Expr } from "../syntax/ast.ts";

/**
 * The labels of what `absent` and `absent_over_time` yield: those that a selector asks for by `=`, each by one
 * matcher only, without the metric name; none for any other expression.
 */
export function absentLabels(expr: Expr): Labels {
  let inner = expr;
  while (inner.kind === "paren") inner = inner.expr;
  if (inner.kind === "matrixSelector") inner = inner.selector;
  if (inner.kind !== "vectorSelector") return Labels.EMPTY;
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of inner.matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === "=" && !seen.has(name)) labels.set(name, value);
    else labels.delete(name);
    if (operator === "=") seen.add(name);
  }
  return Labels.from(labels);
}
