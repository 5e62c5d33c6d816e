import type { Matcher } from "@linklight/model";
import type { EvalContext } from "../eval/context.ts";
import { resolveDuration } from "../selector/resolve-duration.ts";
import type { AtModifier, BinaryExpr, Expr, Subquery, VectorSelector } from "../syntax/ast.ts";
import { chainOf } from "../syntax/chain.ts";

/**
 * The selector of info metrics for a vector: it looks at the time of the vector's samples, which is where the first
 * selector in it looks, by its own `@` and offset and by those of the subqueries around it.
 */
export function referenceSelector(
  vector: Expr,
  matchers: readonly Matcher[],
  { query, text }: Pick<EvalContext, "query" | "text">,
): VectorSelector {
  let at: AtModifier | undefined;
  let offsetMs = 0;
  for (const moved of pathToSelector(vector) ?? []) {
    const own =
      moved.offset === undefined ? 0 : resolveDuration(moved.offset, "offset", query, text);
    // An `@` of its own is where a selector looks, whatever is around it.
    if (moved.at !== undefined) {
      at = moved.at;
      offsetMs = 0;
    }
    offsetMs += own;
  }
  const { span } = vector;
  return {
    kind: "vectorSelector",
    span,
    name: undefined,
    matchers,
    offset: { kind: "number", span, value: offsetMs / 1000, isDuration: true },
    at,
    extension: undefined,
  };
}

/** The subqueries around the first selector in an expression, from the outside, and that selector. */
function pathToSelector(expr: Expr): readonly (Subquery | VectorSelector)[] | undefined {
  if (expr.kind === "vectorSelector") return [expr];
  if (expr.kind === "binary") return pathInChain(chainOf(expr));
  for (const part of partsOf(expr)) {
    const path = pathToSelector(part);
    if (path !== undefined) return expr.kind === "subquery" ? [expr, ...path] : path;
  }
  return undefined;
}

function pathInChain(chain: readonly BinaryExpr[]): ReturnType<typeof pathToSelector> {
  for (const operand of [(chain[0] as BinaryExpr).left, ...chain.map(({ right }) => right)]) {
    const path = pathToSelector(operand);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The expressions inside another, in Prometheus' order: the parameter of an aggregation comes last. */
function partsOf(expr: Exclude<Expr, BinaryExpr>): readonly Expr[] {
  switch (expr.kind) {
    case "number":
    case "string":
    case "vectorSelector":
      return [];
    case "matrixSelector":
      return [expr.selector];
    case "subquery":
    case "paren":
    case "unary":
      return [expr.expr];
    case "aggregate":
      return expr.param === undefined ? [expr.expr] : [expr.expr, expr.param];
    case "call":
      return expr.args;
  }
}
