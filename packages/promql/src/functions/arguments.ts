import { assert } from "@linklight/model";
import type { EvalContext } from "../eval/context.ts";
import type { VectorOperator } from "../eval/operator.ts";
import type { Call, Expr } from "../syntax/ast.ts";

/** An argument of a call; that it is there has been checked. */
export function argument(call: Call, i: number): Expr {
  const arg = call.args[i];
  assert(arg !== undefined, `${call.name}: no argument ${i + 1}`);
  return arg;
}

/** Opens an argument that is an instant vector. */
export async function openVector(
  call: Call,
  i: number,
  context: EvalContext,
): Promise<VectorOperator> {
  const value = await context.open(argument(call, i));
  assert(value.type === "vector", `${call.name}: argument ${i + 1} is a ${value.type}`);
  return value.vector;
}

/** Opens an argument that is a scalar: a number for each step. */
export async function openScalar(
  call: Call,
  i: number,
  context: EvalContext,
): Promise<Float64Array> {
  const value = await context.open(argument(call, i));
  assert(value.type === "scalar", `${call.name}: argument ${i + 1} is a ${value.type}`);
  return value.values;
}

/** An argument that is a string. */
export function stringArgument(call: Call, i: number): string {
  const arg = withoutParens(argument(call, i));
  assert(arg.kind === "string", `${call.name}: argument ${i + 1} is no string`);
  return arg.value;
}

/** An expression without the parentheses around it. */
export function withoutParens(expr: Expr): Expr {
  return expr.kind === "paren" ? withoutParens(expr.expr) : expr;
}
