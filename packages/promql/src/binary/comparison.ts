import type { ComparisonOperator } from "../syntax/ast.ts";

/**
 * Compares the first `length` elements of both sides, present or not: 1 where `left operator right` holds, else 0.
 * NaN is equal to nothing, itself included.
 */
export function compareValues(
  operator: ComparisonOperator,
  left: Float64Array,
  right: Float64Array,
  holds: Uint8Array,
  length: number,
): void {
  switch (operator) {
    case "==":
      for (let k = 0; k < length; k++) holds[k] = left[k] === right[k] ? 1 : 0;
      return;
    case "!=":
      for (let k = 0; k < length; k++) holds[k] = left[k] === right[k] ? 0 : 1;
      return;
    case "<":
      for (let k = 0; k < length; k++)
        holds[k] = (left[k] as number) < (right[k] as number) ? 1 : 0;
      return;
    case "<=":
      for (let k = 0; k < length; k++)
        holds[k] = (left[k] as number) <= (right[k] as number) ? 1 : 0;
      return;
    case ">":
      compareValues("<", right, left, holds, length);
      return;
    case ">=":
      compareValues("<=", right, left, holds, length);
      return;
  }
}

/** Whether an operator compares. */
export function isComparison(operator: string): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
