import type { AtModifier, BinaryExpr, Expr } from "../syntax/ast.ts";
import { chainOf } from "../syntax/chain.ts";

// What these yield depends on the evaluation time (or on the sample's own), whatever `@` says.
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  "day_of_month",
  "day_of_week",
  "day_of_year",
  "days_in_month",
  "end",
  "hour",
  "minute",
  "month",
  "predict_linear",
  "range",
  "start",
  "step",
  "time",
  "timestamp",
  "year",
]);

/**
 * The expression with `@ <time>` on each selector and subquery that has no timestamp, so that it yields the
 * same at whatever time it is evaluated; undefined for an expression of which that is not true. What stands
 * inside a subquery follows the subquery.
 */
export function pinSelectors(expr: Expr, timeMs: number): Expr | undefined {
  const at: AtModifier = { at: "timestamp", timestampMs: timeMs };
  const pinned = (modifier: AtModifier | undefined): AtModifier =>
    modifier?.at === "timestamp" ? modifier : at;
  let dependsOnTime = false;
  const pin = (node: Expr): Expr => {
    switch (node.kind) {
      case "vectorSelector":
      case "subquery":
        return { ...node, at: pinned(node.at) };
      case "matrixSelector":
        return { ...node, selector: { ...node.selector, at: pinned(node.selector.at) } };
      case "paren":
      case "unary":
        return { ...node, expr: pin(node.expr) };
      case "aggregate":
        return {
          ...node,
          expr: pin(node.expr),
          param: node.param === undefined ? undefined : pin(node.param),
        };
      case "binary": {
        const chain = chainOf(node);
        const first = pin((chain[0] as BinaryExpr).left);
        return chain.reduce<Expr>((left, one) => ({ ...one, left, right: pin(one.right) }), first);
      }
      case "call":
        dependsOnTime ||= TIME_DEPENDENT.has(node.name);
        return { ...node, args: node.args.map(pin) };
      default:
        return node;
    }
  };
  const expression = pin(expr);
  return dependsOnTime ? undefined : expression;
}
