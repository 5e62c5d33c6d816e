import type { BinaryExpr } from "./ast.ts";

/**
 * The operators of a chain such as `a + b + c`, whose tree leans to the left: the innermost first, up to the one
 * given. Chains may be thousands long, so that they are gone through in loops, and only what is nested otherwise
 * by recursion. `isKnown` ends the chain before an operator that need not be gone into.
 */
export function chainOf(
  expr: BinaryExpr,
  isKnown: (inner: BinaryExpr) => boolean = () => false,
): readonly BinaryExpr[] {
  const chain = [expr];
  for (let inner = expr.left; inner.kind === "binary" && !isKnown(inner); inner = inner.left)
    chain.push(inner);
  return chain.reverse();
}
