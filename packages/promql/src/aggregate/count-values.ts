import { isWellFormed, type Labels, METRIC_NAME } from "@linklight/model";
import { SERIES_WORK } from "../eval/budget.ts";
import { Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, VectorOperator } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import { goQuote } from "../lexer/go-quote.ts";
import { formatFixed } from "../number/go-format.ts";
import type { AggregateExpr } from "../syntax/ast.ts";
import { groupLabels } from "./grouping.ts";
import { HeldColumns } from "./held-columns.ts";

/** Throws QueryError for what cannot be the name of the label of values: to be asked before the input is opened. */
export function checkValuesLabel(label: string): void {
  if (label === "" || !isWellFormed(label))
    throw executionError(`invalid label name ${goQuote(label)}`);
}

/**
 * Opens `count_values`: how many series of each group have each value, which becomes the value of a label. That
 * label replaces one of the same name, and belongs to the group unless `without` names it.
 */
export async function openCountValues(
  expr: AggregateExpr,
  label: string,
  input: VectorOperator,
  context: EvalContext,
): Promise<VectorOperator> {
  const counts = new ValueCounts(expr, label, context);
  const { steps, budget } = context;
  const scratch = new Column(steps.count);
  for (const [i, { labels }] of input.series.entries()) {
    const pending = input.column(i, scratch);
    if (pending !== undefined) await pending;
    await counts.add(labels, scratch);
    if (budget.spend(SERIES_WORK + steps.count)) await budget.pause();
  }
  return counts.finish();
}

class ValueCounts {
  readonly #expr: AggregateExpr;
  readonly #label: string;
  readonly #context: EvalContext;
  readonly #groups = new Map<string, CountedGroup>();
  /** The counts by the key of their labels: groups may share them where `without` names the value's label. */
  readonly #byKey = new Map<string, number>();
  readonly #series: OperatorSeries[] = [];
  readonly #columns: Column[] = [];

  constructor(expr: AggregateExpr, label: string, context: EvalContext) {
    this.#expr = expr;
    this.#label = label;
    this.#context = context;
  }

  async add(labels: Labels, { present, values }: Column): Promise<void> {
    const { budget } = this.#context;
    const group = this.#group(labels);
    for (let k = 0; k < present.length; k++) {
      // Histograms are values too; they come in a later version.
      if (present[k] !== FLOAT) continue;
      const value = values[k] as number;
      const at = Object.is(value, -0) ? group.atMinusZero : group.at.get(value);
      // A value that is met first makes a label set and a column.
      if (at === undefined && budget.spend(2 * SERIES_WORK)) await budget.pause();
      const column = this.#columns[at ?? this.#begin(group, value)] as Column;
      column.present[k] = FLOAT;
      column.values[k] = (column.values[k] as number) + 1;
    }
  }

  finish(): VectorOperator {
    return new HeldColumns(this.#series, this.#columns);
  }

  #group(labels: Labels): CountedGroup {
    const { grouping, without } = this.#expr;
    const own = groupLabels(labels.without(this.#label), grouping, without);
    let group = this.#groups.get(own.key);
    if (group === undefined) {
      group = { labels: own, at: new Map(), atMinusZero: undefined };
      this.#groups.set(own.key, group);
    }
    return group;
  }

  /** Finds or makes the count of a value that the group has not met. */
  #begin(group: CountedGroup, value: number): number {
    // `without` hides the metric name, too, and so a value that takes its place.
    const { without, grouping } = this.#expr;
    const hidden = without && [METRIC_NAME, ...grouping].includes(this.#label);
    const labels = hidden ? group.labels : group.labels.with(this.#label, formatFixed(value));
    let at = this.#byKey.get(labels.key);
    if (at === undefined) {
      this.#context.budget.hold(this.#context.steps.count);
      at = this.#columns.push(new Column(this.#context.steps.count)) - 1;
      this.#series.push({ labels, dropName: false });
      this.#byKey.set(labels.key, at);
    }
    if (Object.is(value, -0)) group.atMinusZero = at;
    else group.at.set(value, at);
    return at;
  }
}

interface CountedGroup {
  readonly labels: Labels;
  /** Where the count of each value is. A Map takes −0 for 0, so that has its own place. */
  readonly at: Map<number, number>;
  atMinusZero: number | undefined;
}
