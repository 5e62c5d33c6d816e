import { SERIES_WORK } from "../eval/budget.ts";
import { Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, VectorOperator } from "../eval/operator.ts";
import { goSort } from "../order/go-sort.ts";
import type { AggregateExpr } from "../syntax/ast.ts";
import { noteHistograms } from "./accumulator.ts";
import { GroupOrder, groupSeries } from "./grouping.ts";
import { HeldColumns, isAnyWanted } from "./held-columns.ts";
import { type Parameter, wantsAny } from "./parameter.ts";
import { SelectionHeap } from "./selection-heap.ts";

/**
 * Opens `topk` or `bottomk`: at each step, of each group, the samples with the greatest or least values. At a
 * single step the result is in their order, group by group; otherwise in the order of the input.
 */
export async function openTop(
  expr: AggregateExpr,
  input: VectorOperator,
  parameter: Parameter,
  context: EvalContext,
): Promise<VectorOperator> {
  if (!(await isAnyWanted(input, context, () => wantsAny(parameter))))
    return new HeldColumns([], []);
  const grouping = await groupSeries(input.series, expr, context);
  const steps = context.steps.count;
  const wanted = Int32Array.from(parameter.values, (k) =>
    Math.max(0, Math.min(k, input.series.length)),
  );
  const most = wanted.reduce((a, b) => Math.max(a, b), 0);
  const heaps = grouping.sizes.map((size) => {
    const capacity = Math.min(size, most);
    // A value and the number of its series take twelve bytes, beside eight of a sample.
    context.budget.hold(Math.ceil(1.5 * capacity * steps));
    return new SelectionHeap(steps, capacity);
  });
  const sign = expr.operator === "topk" ? 1 : -1;
  const order = await fill(expr, input, grouping.groupOf, heaps, wanted, sign, context);
  const inOrder = order.map((group) => heaps[group] as SelectionHeap);
  return steps === 1
    ? ranked(input.series, inOrder, sign, context)
    : chosen(input.series, heaps, sign, context);
}

/** Offers all series to the heaps of their groups. Returns the groups in their order. */
async function fill(
  expr: AggregateExpr,
  input: VectorOperator,
  groupOf: Int32Array,
  heaps: readonly SelectionHeap[],
  wanted: Int32Array,
  sign: 1 | -1,
  { steps, budget, annotations }: EvalContext,
): Promise<readonly number[]> {
  const scratch = new Column(steps.count);
  const order = new GroupOrder(heaps.length);
  const remarks = { ignoredHistogram: false, mixedTypes: false };
  for (let i = 0; i < input.series.length; i++) {
    const pending = input.column(i, scratch);
    if (pending !== undefined) await pending;
    if (scratch.histograms !== undefined) noteHistograms(scratch.present, remarks);
    const group = groupOf[i] as number;
    order.add(group, scratch);
    select(scratch, i, heaps[group] as SelectionHeap, wanted, sign);
    if (budget.spend(2 * steps.count)) await budget.pause();
  }
  if (remarks.ignoredHistogram)
    annotations.inform(`ignored histogram in ${expr.operator} aggregation`, expr.span);
  return order.groups;
}

/** Offers the samples of a series. The least values are chosen as the greatest of their negatives: it is exact. */
function select(
  { present, values }: Column,
  series: number,
  heap: SelectionHeap,
  wanted: Int32Array,
  sign: 1 | -1,
): void {
  const { lengths } = heap;
  for (let k = 0; k < present.length; k++) {
    if (present[k] !== FLOAT || (wanted[k] as number) < 1) continue;
    const value = sign * (values[k] as number);
    if ((lengths[k] as number) < (wanted[k] as number)) heap.push(k, value, series);
    else heap.replaceLeast(k, value, series);
  }
}

async function ranked(
  series: readonly OperatorSeries[],
  heaps: readonly SelectionHeap[],
  sign: 1 | -1,
  { budget }: EvalContext,
): Promise<VectorOperator> {
  const result: OperatorSeries[] = [];
  const columns: Column[] = [];
  for (const { lengths, values, series: members } of heaps) {
    const order = Array.from(members.subarray(0, lengths[0]), (_, i) => i);
    await goSort(
      order.length,
      (a, b) => isLess(values[order[b] as number] as number, values[order[a] as number] as number),
      (a, b) => {
        [order[a], order[b]] = [order[b] as number, order[a] as number];
      },
      budget,
    );
    for (const i of order) {
      if (budget.spend(SERIES_WORK)) await budget.pause();
      const column = new Column(1);
      column.setFloat(0, sign * (values[i] as number));
      columns.push(column);
      result.push(series[members[i] as number] as OperatorSeries);
    }
  }
  budget.hold(columns.length);
  return new HeldColumns(result, columns);
}

function isLess(a: number, b: number): boolean {
  return Number.isNaN(a) || a < b;
}

async function chosen(
  series: readonly OperatorSeries[],
  heaps: readonly SelectionHeap[],
  sign: 1 | -1,
  { steps, budget }: EvalContext,
): Promise<VectorOperator> {
  const columns: (Column | undefined)[] = [];
  for (const { capacity, lengths, values, series: members } of heaps) {
    for (let k = 0; k < steps.count; k++) {
      const end = k * capacity + (lengths[k] as number);
      for (let at = k * capacity; at < end; at++) {
        const member = members[at] as number;
        let column = columns[member];
        if (column === undefined) {
          budget.hold(steps.count);
          column = new Column(steps.count);
          columns[member] = column;
        }
        column.setFloat(k, sign * (values[at] as number));
        if (budget.spend(1)) await budget.pause();
      }
    }
    budget.release(Math.ceil(1.5 * capacity * steps.count));
  }
  const present: OperatorSeries[] = [];
  const held: Column[] = [];
  for (const [i, one] of series.entries()) {
    if (budget.spend(1)) await budget.pause();
    const column = columns[i];
    if (column === undefined) continue;
    present.push(one);
    held.push(column);
  }
  return new HeldColumns(present, held);
}
