import type { UnaryExpr } from "../syntax/ast.ts";
import { inTurns } from "./budget.ts";
import { ABSENT, type Column, FLOAT } from "./column.ts";
import type { EvalContext } from "./context.ts";
import { unnamed } from "./merge-same-labels.ts";
import type { Pending, Value, VectorOperator } from "./operator.ts";

/** Opens `+expr`, which changes nothing, or `-expr`. */
export async function openUnary(
  { operator, expr }: UnaryExpr,
  context: EvalContext,
): Promise<Value> {
  const value = await context.open(expr);
  if (operator === "+") return value;
  if (value.type === "scalar") return { type: "scalar", values: value.values.map((v) => -v) };
  if (value.type !== "vector") return value;
  const { budget } = context;
  const negateAll = (into: Column): Pending => {
    into.histograms = undefined;
    return inTurns(into.present.length, budget, (from, to) => negate(into, from, to));
  };
  const negated: VectorOperator = {
    series: value.vector.series,
    column(i, into) {
      const pending = value.vector.column(i, into);
      return pending === undefined ? negateAll(into) : pending.then(() => negateAll(into));
    },
  };
  return { type: "vector", vector: await unnamed(negated, context) };
}

/** The negative of a native histogram belongs to their arithmetic, which is not here: such samples are absent. */
function negate({ present, values }: Column, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    if (present[k] === FLOAT) values[k] = -(values[k] as number);
    else present[k] = ABSENT;
  }
}
