import { goAtan2 } from "../number/go-inverse-trig.ts";
import { goPow } from "../number/go-pow.ts";
import type { ArithmeticOperator, ComparisonOperator } from "../syntax/ast.ts";

/**
 * Computes `left operator right` for each of the first `length` elements, present or not: a result where a side is
 * absent counts for nothing, and a loop without conditions is the fastest. `into` may be one of the operands.
 *
 * `%` has the sign of the dividend and `^` is computed by Go's algorithm, as in Prometheus.
 */
export function computeArithmetic(
  operator: ArithmeticOperator,
  left: Float64Array,
  right: Float64Array,
  into: Float64Array,
  length: number,
): void {
  switch (operator) {
    case "+":
      for (let k = 0; k < length; k++) into[k] = (left[k] as number) + (right[k] as number);
      return;
    case "-":
      for (let k = 0; k < length; k++) into[k] = (left[k] as number) - (right[k] as number);
      return;
    case "*":
      for (let k = 0; k < length; k++) into[k] = (left[k] as number) * (right[k] as number);
      return;
    case "/":
      for (let k = 0; k < length; k++) into[k] = (left[k] as number) / (right[k] as number);
      return;
    case "%":
      for (let k = 0; k < length; k++) into[k] = (left[k] as number) % (right[k] as number);
      return;
    case "^":
      for (let k = 0; k < length; k++) into[k] = goPow(left[k] as number, right[k] as number);
      return;
    case "atan2":
      for (let k = 0; k < length; k++) into[k] = goAtan2(left[k] as number, right[k] as number);
      return;
  }
}

/** Whether an operator computes a new number, which is no longer the metric that the name says. */
export function isArithmetic(operator: string): operator is ArithmeticOperator {
  return ARITHMETIC.has(operator);
}

const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "^", "atan2"]);

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
