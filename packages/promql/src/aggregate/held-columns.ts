import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";

/** A vector that has been computed, with its columns in memory. */
export class HeldColumns implements VectorOperator {
  readonly series: readonly OperatorSeries[];
  readonly #columns: readonly Column[];

  /** Takes one column for each series. */
  constructor(series: readonly OperatorSeries[], columns: readonly Column[]) {
    this.series = series;
    this.#columns = columns;
  }

  column(i: number, into: Column): Pending {
    const held = this.#columns[i] as Column;
    into.present.set(held.present);
    into.values.set(held.values);
    into.histograms = held.histograms;
    return undefined;
  }
}

/**
 * Whether a check of the parameter finds that anything is wanted of a vector. Before it says no, or throws, the
 * vector is computed: errors and remarks of what is inside an aggregation come first.
 */
export async function isAnyWanted(
  input: VectorOperator,
  { steps, budget }: EvalContext,
  check: () => boolean,
): Promise<boolean> {
  let failure: unknown;
  try {
    if (check()) return true;
  } catch (error) {
    failure = error;
  }
  const scratch = new Column(steps.count);
  for (let i = 0; i < input.series.length; i++) {
    const pending = input.column(i, scratch);
    if (pending !== undefined) await pending;
    if (budget.spend(steps.count)) await budget.pause();
  }
  if (failure !== undefined) throw failure;
  return false;
}

/** Whether a column has a sample at any step. */
export function isAnywherePresent(column: Column): boolean {
  for (let k = 0; k < column.present.length; k++) if (column.present[k] !== 0) return true;
  return false;
}
