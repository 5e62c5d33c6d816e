import { HeldColumns, isAnywherePresent } from "../aggregate/held-columns.ts";
import { SERIES_WORK } from "../eval/budget.ts";
import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { VectorOperator } from "../eval/operator.ts";
import { sortInTurns } from "../order/sort-in-turns.ts";

/** A vector that knows, once a column was read, where its sample stands in Prometheus' result. */
export interface RankedVector extends VectorOperator {
  rank(i: number): number;
}

/**
 * At a single step the order of a result can be seen (at several, results are sorted), and depends on where each
 * sample comes from: so there a vector is computed at once and put in order. Otherwise it is left as it is.
 */
export async function inOrderOfSamples(
  vector: RankedVector,
  { steps, budget }: EvalContext,
): Promise<VectorOperator> {
  if (steps.count !== 1) return vector;
  const samples: { i: number; rank: number; column: Column }[] = [];
  let scratch = new Column(1);
  for (let i = 0; i < vector.series.length; i++) {
    const pending = vector.column(i, scratch);
    if (pending !== undefined) await pending;
    if (budget.spend(SERIES_WORK)) await budget.pause();
    if (!isAnywherePresent(scratch)) continue;
    budget.hold(1);
    samples.push({ i, rank: vector.rank(i), column: scratch });
    scratch = new Column(1);
  }
  await sortInTurns(samples, (a, b) => a.rank - b.rank, budget);
  return new HeldColumns(
    samples.map(({ i }) => vector.series[i] as VectorOperator["series"][number]),
    samples.map(({ column }) => column),
  );
}
