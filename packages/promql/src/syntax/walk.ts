import type { Expr } from "./ast.ts";

/** The expressions directly inside an expression, in the order of the text. A range's is its selector. */
export function children(expr: Expr): readonly Expr[] {
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
    case "binary":
      return [expr.left, expr.right];
    case "aggregate":
      return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    case "call":
      return expr.args;
  }
}

/**
 * Visits an expression and all inside it, outer ones first, in the order of the text. A visitor that
 * returns false keeps the walk from going deeper there.
 */
export function walk(expr: Expr, visit: (expr: Expr) => unknown): void {
  const rest = [expr];
  for (let next = rest.pop(); next !== undefined; next = rest.pop())
    if (visit(next) !== false) rest.push(...[...children(next)].reverse());
}
