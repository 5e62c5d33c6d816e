import { assert } from "@linklight/model";
import { inTurns } from "../eval/budget.ts";
import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Value, VectorOperator } from "../eval/operator.ts";
import type { AggregateExpr } from "../syntax/ast.ts";
import {
  type Accumulator,
  type AccumulatorRemarks,
  CountAccumulator,
  GroupAccumulator,
  MaxAccumulator,
  MinAccumulator,
} from "./accumulator.ts";
import { checkValuesLabel, openCountValues } from "./count-values.ts";
import { type Grouping, GroupOrder, groupSeries } from "./grouping.ts";
import { HeldColumns, isAnywherePresent } from "./held-columns.ts";
import { openLimit, openLimitRatio } from "./limit.ts";
import { checkQuantile, openParameter } from "./parameter.ts";
import { QuantileAccumulator } from "./quantile.ts";
import { AverageAccumulator, SumAccumulator } from "./sum.ts";
import { openTop } from "./top.ts";
import { DeviationAccumulator, VarianceAccumulator } from "./variance.ts";

/**
 * Opens an aggregation. All of its input streams through here, series by series, and the results are held: which
 * series there are, and in which order, may depend on the values.
 */
export async function openAggregate(expr: AggregateExpr, context: EvalContext): Promise<Value> {
  return { type: "vector", vector: await openOperator(expr, context) };
}

async function openOperator(expr: AggregateExpr, context: EvalContext): Promise<VectorOperator> {
  const { operator } = expr;
  if (operator === "count_values") {
    const label = expr.param === undefined ? undefined : await context.open(expr.param);
    assert(label?.type === "string", "count_values: the label is a string");
    checkValuesLabel(label.value);
    return openCountValues(expr, label.value, await openInput(expr, context), context);
  }
  const parameter = expr.param === undefined ? undefined : await openParameter(expr, context);
  const input = await openInput(expr, context);
  if (parameter !== undefined && expr.param !== undefined) {
    if (operator === "topk" || operator === "bottomk")
      return openTop(expr, input, parameter, context);
    if (operator === "limitk") return openLimit(expr, input, parameter, context);
    if (operator === "limit_ratio") return openLimitRatio(expr, input, parameter, context);
    checkQuantile(parameter, expr.param, context);
  }
  return accumulate(expr, input, parameter?.values, context);
}

async function openInput(expr: AggregateExpr, context: EvalContext): Promise<VectorOperator> {
  const value = await context.open(expr.expr);
  assert(value.type === "vector", `${expr.operator}: operand of type ${value.type}`);
  return value.vector;
}

/** One result a group: each series goes into the accumulator of its group. */
async function accumulate(
  expr: AggregateExpr,
  input: VectorOperator,
  quantiles: Float64Array | undefined,
  context: EvalContext,
): Promise<VectorOperator> {
  const { steps, budget } = context;
  const grouping = await groupSeries(input.series, expr, context);
  const remarks: AccumulatorRemarks = { ignoredHistogram: false, mixedTypes: false };
  const accumulators = grouping.sizes.map((size) => {
    budget.hold(steps.count * columnsHeld(expr, size));
    return createAccumulator(expr, size, steps.count, quantiles, remarks);
  });
  const order = new GroupOrder(accumulators.length);
  const names = new DroppedNames(input.series, grouping, steps.count);
  const scratch = new Column(steps.count);
  for (let i = 0; i < input.series.length; i++) {
    const pending = input.column(i, scratch);
    if (pending !== undefined) await pending;
    const group = grouping.groupOf[i] as number;
    const accumulator = accumulators[group] as Accumulator;
    const adding = inTurns(steps.count, budget, (from, to) => accumulator.add(scratch, from, to));
    if (adding !== undefined) await adding;
    order.add(group, scratch);
    names.add(i, scratch);
    if (budget.spend(2 * steps.count)) await budget.pause();
  }
  const series: OperatorSeries[] = [];
  const columns: Column[] = [];
  for (const size of grouping.sizes) budget.release(steps.count * columnsHeld(expr, size));
  for (const group of order.groups) {
    const accumulator = accumulators[group] as Accumulator;
    await finishAll(accumulator, finishWork(expr, grouping.sizes[group] as number), context);
    const column = accumulator.result;
    if (!isAnywherePresent(column)) continue;
    budget.hold(steps.count);
    columns.push(column);
    series.push({
      labels: grouping.labels[group] as OperatorSeries["labels"],
      dropName: names.of(group, column),
    });
  }
  remark(expr, remarks, context);
  return new HeldColumns(series, columns);
}

/** Completes a group, with pauses where it is much to do. */
async function finishAll(
  accumulator: Accumulator,
  workAStep: number,
  { steps, budget }: EvalContext,
): Promise<void> {
  const stepsAtOnce = Math.ceil(FINISH_WORK / workAStep);
  for (let from = 0; from < steps.count; from += stepsAtOnce) {
    const to = Math.min(steps.count, from + stepsAtOnce);
    accumulator.finish(from, to);
    if (budget.spend(workAStep * (to - from))) await budget.pause();
  }
}

/** Between two looks at the budget. */
const FINISH_WORK = 16_384;

/** A quantile is looked for among all values of a step; otherwise next to nothing is left to do. */
function finishWork({ operator }: AggregateExpr, size: number): number {
  return operator === "quantile" ? 4 * size : 1;
}

/** Columns' worth of samples that an accumulator holds, its result among them. */
function columnsHeld({ operator }: AggregateExpr, size: number): number {
  switch (operator) {
    case "quantile":
      return size + 1;
    case "avg":
    case "stddev":
    case "stdvar":
      return 3;
    case "sum":
      return 2;
    default:
      return 1;
  }
}

function createAccumulator(
  { operator }: AggregateExpr,
  size: number,
  steps: number,
  quantiles: Float64Array | undefined,
  remarks: AccumulatorRemarks,
): Accumulator {
  switch (operator) {
    case "sum":
      return new SumAccumulator(steps, remarks);
    case "avg":
      return new AverageAccumulator(steps, remarks);
    case "count":
      return new CountAccumulator(steps);
    case "group":
      return new GroupAccumulator(steps);
    case "min":
      return new MinAccumulator(steps, remarks);
    case "max":
      return new MaxAccumulator(steps, remarks);
    case "stddev":
      return new DeviationAccumulator(steps, remarks);
    case "stdvar":
      return new VarianceAccumulator(steps, remarks);
    default:
      assert(operator === "quantile" && quantiles !== undefined, `${operator}: no accumulator`);
      return new QuantileAccumulator(size, quantiles, remarks);
  }
}

function remark(
  { operator, expr }: AggregateExpr,
  { ignoredHistogram, mixedTypes }: AccumulatorRemarks,
  { annotations }: EvalContext,
): void {
  if (ignoredHistogram)
    annotations.inform(`ignored histogram in ${operator} aggregation`, expr.span);
  if (mixedTypes)
    annotations.warn("encountered a mix of histograms and floats for aggregation", expr.span);
}

/**
 * Whether the names of groups are to be dropped at the end of the query. Where some series of a group say so and
 * others do not, it is as in Prometheus: any series that is present at the last step that has a result decides.
 */
class DroppedNames {
  readonly #series: readonly OperatorSeries[];
  readonly #groupOf: Int32Array;
  /** Of groups that are not of one mind: whether any series at a step says so. */
  readonly #undecided: readonly (Uint8Array | undefined)[];
  readonly #decided: readonly boolean[];

  constructor(series: readonly OperatorSeries[], { groupOf, sizes }: Grouping, steps: number) {
    const drops = sizes.map(() => 0);
    for (const [i, { dropName }] of series.entries())
      if (dropName) drops[groupOf[i] as number] = (drops[groupOf[i] as number] as number) + 1;
    this.#series = series;
    this.#groupOf = groupOf;
    this.#decided = drops.map((count) => count > 0);
    this.#undecided = drops.map((count, group) =>
      count > 0 && count < (sizes[group] as number) ? new Uint8Array(steps) : undefined,
    );
  }

  add(i: number, { present }: Column): void {
    const drops = this.#undecided[this.#groupOf[i] as number];
    if (drops === undefined || !(this.#series[i] as OperatorSeries).dropName) return;
    for (let k = 0; k < drops.length; k++) if (present[k] !== 0) drops[k] = 1;
  }

  of(group: number, { present }: Column): boolean {
    const drops = this.#undecided[group];
    if (drops === undefined) return this.#decided[group] as boolean;
    let last = present.length - 1;
    while (last >= 0 && present[last] === 0) last--;
    return drops[last] === 1;
  }
}
