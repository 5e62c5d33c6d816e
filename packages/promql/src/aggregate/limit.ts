import { SERIES_WORK } from "../eval/budget.ts";
import { ABSENT, Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, VectorOperator } from "../eval/operator.ts";
import { hashLabels } from "../number/label-hash.ts";
import type { AggregateExpr, Expr } from "../syntax/ast.ts";
import { type Grouping, GroupOrder, groupSeries } from "./grouping.ts";
import { HeldColumns, isAnyWanted, isAnywherePresent } from "./held-columns.ts";
import { type Parameter, wantsAny, wantsRatio } from "./parameter.ts";
import { SelectionHeap } from "./selection-heap.ts";

/** Opens `limitk`: at each step, of each group, the samples of the first series that have any. */
export async function openLimit(
  expr: AggregateExpr,
  input: VectorOperator,
  parameter: Parameter,
  context: EvalContext,
): Promise<VectorOperator> {
  if (!(await isAnyWanted(input, context, () => wantsAny(parameter))))
    return new HeldColumns([], []);
  const grouping = await groupSeries(input.series, expr, context);
  const steps = context.steps.count;
  const taken = grouping.sizes.map(() => new Int32Array(steps));
  return keepSome(input, grouping, context, ({ present }, i) => {
    const count = taken[grouping.groupOf[i] as number] as Int32Array;
    for (let k = 0; k < steps; k++) {
      if (present[k] === ABSENT) continue;
      // The number of samples is cut to a whole one, as Go does it.
      if ((count[k] as number) < Math.trunc(parameter.values[k] as number))
        count[k] = (count[k] as number) + 1;
      else present[k] = ABSENT;
    }
  });
}

/** The hash of a label set, in numbers of 64 bits, costs about ten microseconds. */
const HASH_WORK: number = 8 * SERIES_WORK;

/**
 * Opens `limit_ratio`: a share of all series, always the same ones, chosen by the hash of their labels. A negative
 * ratio chooses those that its complement leaves out: `limit_ratio(0.1, x) or limit_ratio(-0.9, x)` is `x`.
 */
export async function openLimitRatio(
  expr: AggregateExpr,
  input: VectorOperator,
  parameter: Parameter,
  context: EvalContext,
): Promise<VectorOperator> {
  const param = expr.param as Expr;
  if (!(await isAnyWanted(input, context, () => wantsRatio(parameter, param, context))))
    return new HeldColumns([], []);
  const grouping = await groupSeries(input.series, expr, context);
  const keep = ({ present }: Column, i: number): void => {
    const offset = hashOffset((input.series[i] as OperatorSeries).labels);
    for (let k = 0; k < present.length; k++)
      if (!isChosen(parameter.values[k] as number, offset)) present[k] = ABSENT;
  };
  return keepSome(input, grouping, context, keep, HASH_WORK);

  function hashOffset(labels: OperatorSeries["labels"]): number {
    // The greatest 64-bit number is 2^64 as a float.
    return Number(hashLabels(labels)) / 2 ** 64;
  }
}

function isChosen(ratio: number, offset: number): boolean {
  const r = Math.max(-1, Math.min(1, ratio));
  return r >= 0 ? offset < r : offset >= 1 + r;
}

/** Reads all series and keeps what `keep` leaves of them. */
async function keepSome(
  input: VectorOperator,
  grouping: Grouping,
  { steps, budget }: EvalContext,
  keep: (column: Column, i: number) => void,
  work = SERIES_WORK,
): Promise<VectorOperator> {
  const kept: Kept[] = [];
  const order = new GroupOrder(grouping.sizes.length);
  let scratch = new Column(steps.count);
  for (const [i, series] of input.series.entries()) {
    const pending = input.column(i, scratch);
    if (pending !== undefined) await pending;
    const group = grouping.groupOf[i] as number;
    order.add(group, scratch);
    keep(scratch, i);
    if (isAnywherePresent(scratch)) {
      budget.hold(steps.count);
      kept.push({ series, column: scratch, group });
      scratch = new Column(steps.count);
    }
    if (budget.spend(work + steps.count)) await budget.pause();
  }
  const ordered = steps.count === 1 ? await inHeapOrder(kept, grouping, order, budget) : kept;
  return new HeldColumns(
    ordered.map(({ series }) => series),
    ordered.map(({ column }) => column),
  );
}

interface Kept {
  readonly series: OperatorSeries;
  readonly column: Column;
  readonly group: number;
}

/** Prometheus gathers what it keeps in a heap by value, which shows in the order of the result of a single step. */
async function inHeapOrder(
  kept: readonly Kept[],
  { sizes }: Grouping,
  { groups }: GroupOrder,
  budget: EvalContext["budget"],
): Promise<readonly Kept[]> {
  const heaps = sizes.map((size) => new SelectionHeap(1, size));
  for (const [i, { column, group }] of kept.entries()) {
    const value = column.histograms?.[0] === undefined ? (column.values[0] as number) : 0;
    (heaps[group] as SelectionHeap).push(0, value, i);
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  return groups.flatMap((group) => {
    const { lengths, series } = heaps[group] as SelectionHeap;
    return Array.from(series.subarray(0, lengths[0]), (i) => kept[i] as Kept);
  });
}
