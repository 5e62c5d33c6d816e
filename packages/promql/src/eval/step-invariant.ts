import type { Expr } from "../syntax/ast.ts";
import { chainOf } from "../syntax/chain.ts";
import { type Column, HISTOGRAM } from "./column.ts";
import type { EvalContext } from "./context.ts";
import { materialise } from "./materialise.ts";
import type { Value, VectorOperator } from "./operator.ts";

/** Functions whose value depends on the step even where their arguments do not. */
const UNSAFE_FUNCTIONS = new Set([
  "days_in_month",
  "day_of_month",
  "day_of_week",
  "day_of_year",
  "hour",
  "minute",
  "month",
  "year",
  "predict_linear",
  "time",
  "timestamp",
  "start_timestamp",
  "start",
  "end",
  "step",
  "range",
]);

const known = new WeakMap<Expr, boolean>();

/** Whether an expression has the same value at every step: it looks at fixed times only (`metric @ 100`). */
export function isStepInvariant(expr: Expr): boolean {
  let invariant = known.get(expr);
  if (invariant !== undefined) return invariant;
  const parts = expr.kind === "binary" ? chainOf(expr, (inner) => known.has(inner)) : [expr];
  for (const part of parts) {
    invariant = judge(part);
    known.set(part, invariant);
  }
  return invariant as boolean;
}

function judge(expr: Expr): boolean {
  switch (expr.kind) {
    case "number":
    case "string":
      return true;
    case "vectorSelector":
    case "subquery":
      return expr.at !== undefined;
    case "matrixSelector":
      return expr.selector.at !== undefined;
    case "paren":
    case "unary":
      return isStepInvariant(expr.expr);
    case "binary":
      return isStepInvariant(expr.left) && isStepInvariant(expr.right);
    case "aggregate":
      // As Prometheus, which does not look at the parameter: its value at the first step holds then.
      return isStepInvariant(expr.expr);
    case "call":
      return !UNSAFE_FUNCTIONS.has(expr.name) && expr.args.every(isStepInvariant);
  }
}

/** Opens an expression that is the same at every step once, for the first, and gives that to all. */
export async function openOnce(expr: Expr, context: EvalContext): Promise<Value> {
  const { steps } = context;
  const once = { ...steps, count: 1 };
  const value = await context.open(expr, once);
  if (value.type === "scalar")
    return {
      type: "scalar",
      values: new Float64Array(steps.count).fill(value.values[0] as number),
    };
  if (value.type !== "vector") return value;
  const columns = await materialise(value.vector, { steps: once, budget: context.budget });
  return { type: "vector", vector: broadcast(value.vector, columns) };
}

function broadcast({ series }: VectorOperator, columns: readonly Column[]): VectorOperator {
  return {
    series,
    column(i, into) {
      const { present, values, histograms } = columns[i] as Column;
      into.clear();
      into.present.fill(present[0] as number);
      into.values.fill(values[0] as number);
      const histogram = histograms?.[0];
      if (present[0] === HISTOGRAM && histogram !== undefined)
        into.histograms = Array.from(into.present, () => histogram);
      return undefined;
    },
  };
}
