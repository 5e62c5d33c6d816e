import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { MatrixOperator, Value, VectorOperator } from "../eval/operator.ts";
import { absentLabels } from "../selector/absent-labels.ts";
import type { Call, Expr } from "../syntax/ast.ts";
import { presentOverTime } from "./over-time.ts";
import { overWindows } from "./over-windows.ts";

/** `absent_over_time`: 1 at the steps at which no series has a sample in its window. */
export async function openAbsentOverTime(
  call: Call,
  matrix: MatrixOperator,
  context: EvalContext,
): Promise<Value> {
  const { steps, budget } = context;
  const windows = await overWindows(matrix, presentOverTime, context, { keepsName: true });
  const somewhere = new Uint8Array(steps.count);
  const column = new Column(steps.count);
  for (let i = 0; i < windows.series.length; i++) {
    const pending = windows.column(i, column);
    if (pending !== undefined) await pending;
    for (let k = 0; k < somewhere.length; k++) if (column.present[k] !== 0) somewhere[k] = 1;
    if (budget.spend(steps.count)) await budget.pause();
  }
  const vector: VectorOperator = {
    series: [{ labels: absentLabels(call.args[0] as Expr), dropName: false }],
    column(_, into) {
      into.clear();
      for (let k = 0; k < somewhere.length; k++) if (somewhere[k] === 0) into.setFloat(k, 1);
      return undefined;
    },
  };
  return { type: "vector", vector };
}
