import { assert } from "@linklight/model";
import type { EvalContext } from "../eval/context.ts";
import { executionError } from "../eval/query-error.ts";
import { formatGoFloat } from "../number/go-format.ts";
import type { AggregateExpr, Expr } from "../syntax/ast.ts";

/** The number of `topk(…)`, the quantile of `quantile(…)` …: one a step, and what all steps have in common. */
export interface Parameter {
  readonly values: Float64Array;
  readonly min: number;
  readonly max: number;
  readonly hasNaN: boolean;
}

/** Opens the parameter of an aggregation that takes a scalar. */
export async function openParameter(expr: AggregateExpr, context: EvalContext): Promise<Parameter> {
  assert(expr.param !== undefined, `${expr.operator}: no parameter`);
  const value = await context.open(expr.param);
  assert(value.type === "scalar", `${expr.operator}: parameter of type ${value.type}`);
  return summarise(value.values);
}

function summarise(values: Float64Array): Parameter {
  let min = Number.MAX_VALUE;
  let max = -Number.MAX_VALUE;
  let hasNaN = false;
  for (const value of values) {
    // Go's extremes: NaN wins over everything but the infinity that is asked for.
    if (min !== -Infinity) min = value === -Infinity ? value : Math.min(min, value);
    if (max !== Infinity) max = value === Infinity ? value : Math.max(max, value);
    if (Number.isNaN(value)) hasNaN = true;
  }
  return { values, min, max, hasNaN };
}

/** The least and the greatest floats that fit a signed integer of 64 bits. */
const MIN_INT64 = -(2 ** 63);
const MAX_INT64 = 2 ** 63 - 1024;

/**
 * Checks how many samples `topk`, `bottomk` and `limitk` are to choose. False where no step wants any; throws
 * QueryError where a number is none that can be counted to.
 */
export function wantsAny({ min, max, hasNaN }: Parameter): boolean {
  if (max < 1) return false;
  if (hasNaN) throw executionError("Parameter value is NaN");
  if (min <= MIN_INT64) throw executionError(`Scalar value ${formatGoFloat(min)} underflows int64`);
  if (max >= MAX_INT64) throw executionError(`Scalar value ${formatGoFloat(max)} overflows int64`);
  return true;
}

/** Checks the ratio of `limit_ratio`: false where no step wants any; throws QueryError for NaN; warns beyond ±1. */
export function wantsRatio(parameter: Parameter, param: Expr, context: EvalContext): boolean {
  const { min, max, hasNaN } = parameter;
  if (max === 0 && min === 0) return false;
  if (hasNaN) throw executionError("Ratio value is NaN");
  const warn = (ratio: number, cap: number): void =>
    context.annotations.warn(
      `ratio value should be between -1 and 1, got ${formatGoFloat(ratio)}, capping to ${cap}`,
      param.span,
    );
  if (max > 1) warn(max, 1);
  if (min < -1) warn(min, -1);
  return true;
}

/** Warns where the quantile of `quantile` is none. */
export function checkQuantile(parameter: Parameter, param: Expr, context: EvalContext): void {
  const warn = (quantile: number): void =>
    context.annotations.warn(
      `quantile value should be between 0 and 1, got ${formatGoFloat(quantile)}`,
      param.span,
    );
  if (parameter.hasNaN) warn(Number.NaN);
  if (parameter.max > 1) warn(parameter.max);
  if (parameter.min < 0) warn(parameter.min);
}
