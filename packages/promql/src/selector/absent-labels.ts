import { Labels, type Matcher, METRIC_NAME } from "@linklight/model";
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
  for (const { name, operator, value } of asSelected(inner.matchers)) {
    if (name === METRIC_NAME) continue;
    if (operator === "=" && !seen.has(name)) labels.set(name, value);
    else labels.delete(name);
    if (operator === "=") seen.add(name);
  }
  return Labels.from(labels);
}

/**
 * The order in which Prometheus' storage leaves the matchers of a selector behind, and finds them here: those that
 * only take series away from what others on the same label select come last.
 */
function asSelected(matchers: readonly Matcher[]): readonly Matcher[] {
  const selecting = new Set(
    matchers.filter((matcher) => !matcher.matches("")).map(({ name }) => name),
  );
  const takesAway = (matcher: Matcher): boolean =>
    !selecting.has(matcher.name) || (matcher.operator.startsWith("!") && matcher.matches(""));
  return [...matchers.filter((matcher) => !takesAway(matcher)), ...matchers.filter(takesAway)];
}
