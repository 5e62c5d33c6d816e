import { Column } from "./column.ts";
import type { EvalContext } from "./context.ts";
import type { VectorOperator } from "./operator.ts";

/** Computes all columns of a vector and keeps them in memory, which the budget counts until the query ends. */
export async function materialise(
  vector: VectorOperator,
  { steps, budget }: Pick<EvalContext, "steps" | "budget">,
): Promise<Column[]> {
  const columns: Column[] = [];
  for (let i = 0; i < vector.series.length; i++) {
    budget.hold(steps.count);
    const column = new Column(steps.count);
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    columns.push(column);
    if (budget.spend(steps.count)) await budget.pause();
  }
  return columns;
}
