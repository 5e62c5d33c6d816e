import { ABSENT, type Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { unnamed } from "../eval/merge-same-labels.ts";
import type { Value, VectorOperator } from "../eval/operator.ts";
import { openVector } from "../functions/arguments.ts";
import type { FunctionImplementation } from "../functions/function-implementation.ts";
import type { Call } from "../syntax/ast.ts";

/**
 * Opens a function that sums up native histograms in a number. Floats have no such number; native histograms are
 * carried through queries, but what is computed of them belongs to a later version, and until then they have none
 * either.
 */
async function openSummary(call: Call, context: EvalContext): Promise<Value> {
  const vector = await openVector(call, 0, context);
  const summed: VectorOperator = {
    series: vector.series,
    column(i, into) {
      const pending = vector.column(i, into);
      if (pending !== undefined) return pending.then(() => summarise(into));
      summarise(into);
      return undefined;
    },
  };
  return { type: "vector", vector: await unnamed(summed, context) };
}

function summarise(column: Column): void {
  column.present.fill(ABSENT);
  column.histograms = undefined;
}

/** The functions that sum up native histograms. */
export const nativeSummaryFunctions: Readonly<Record<string, FunctionImplementation>> = {
  histogram_avg: openSummary,
  histogram_count: openSummary,
  histogram_stddev: openSummary,
  histogram_stdvar: openSummary,
  histogram_sum: openSummary,
};
