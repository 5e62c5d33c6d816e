import type { Labels } from "@linklight/model";
import { SERIES_WORK } from "../eval/budget.ts";
import { Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Value, VectorOperator } from "../eval/operator.ts";
import { goSort } from "../order/go-sort.ts";
import { NaturalOrder } from "../order/natural-order.ts";
import type { Call } from "../syntax/ast.ts";
import { openVector, stringArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** A series with its only sample. */
interface Element {
  readonly series: OperatorSeries;
  readonly column: Column;
}

type Precedes = (a: Element, b: Element) => boolean;

const INEFFECTIVE =
  "sort is ineffective for range queries since results are always ordered by labels";

/**
 * Sorts the series of an instant query. Over several steps there is no such order: there the result of a query is
 * sorted by labels, and the vector is as it was.
 */
function sortBy(
  precedesOf: (call: Call) => Precedes,
  takes: "floats" | "all samples",
): FunctionImplementation {
  return async (call, context): Promise<Value> => {
    const vector = await openVector(call, 0, context);
    if (context.steps.count !== 1) {
      context.annotations.warn(INEFFECTIVE, call.span);
      return { type: "vector", vector: takes === "floats" ? floatsOf(vector) : vector };
    }
    const elements = await readElements(vector, takes, context);
    const precedes = precedesOf(call);
    await goSort(
      elements.length,
      (a, b) => precedes(elements[a] as Element, elements[b] as Element),
      (a, b) => {
        const element = elements[a] as Element;
        elements[a] = elements[b] as Element;
        elements[b] = element;
      },
      context.budget,
    );
    return { type: "vector", vector: sorted(elements) };
  };
}

async function readElements(
  vector: VectorOperator,
  takes: "floats" | "all samples",
  { steps, budget }: EvalContext,
): Promise<Element[]> {
  const elements: Element[] = [];
  let column = new Column(steps.count);
  for (const [i, series] of vector.series.entries()) {
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    if (budget.spend(SERIES_WORK)) await budget.pause();
    if (column.present[0] === 0 || (takes === "floats" && column.present[0] !== FLOAT)) continue;
    budget.hold(1);
    elements.push({ series, column });
    column = new Column(steps.count);
  }
  return elements;
}

function sorted(elements: readonly Element[]): VectorOperator {
  return {
    series: elements.map(({ series }) => series),
    column(i, into) {
      const { column } = elements[i] as Element;
      into.present.set(column.present);
      into.values.set(column.values);
      into.histograms = column.histograms;
      return undefined;
    },
  };
}

function floatsOf(vector: VectorOperator): VectorOperator {
  const drop = (column: Column): void => {
    if (column.histograms === undefined) return;
    for (let k = 0; k < column.present.length; k++)
      if (column.present[k] !== FLOAT) column.present[k] = 0;
    column.histograms = undefined;
  };
  return {
    series: vector.series,
    column(i, into) {
      const pending = vector.column(i, into);
      if (pending !== undefined) return pending.then(() => drop(into));
      drop(into);
      return undefined;
    },
  };
}

function sampleOf({ column }: Element): number {
  return column.values[0] as number;
}

/** NaN comes last in both directions. */
function ascending(a: Element, b: Element): boolean {
  return Number.isNaN(sampleOf(b)) || sampleOf(b) > sampleOf(a);
}

function descending(a: Element, b: Element): boolean {
  return Number.isNaN(sampleOf(b)) || sampleOf(b) < sampleOf(a);
}

/** By the named labels in natural order, then by all labels; turned around when `direction` is −1. */
function byLabels(direction: 1 | -1): (call: Call) => Precedes {
  return (call) => {
    const names = call.args.slice(1).map((_, i) => stringArgument(call, i + 1));
    const order = new NaturalOrder();
    return (a, b) =>
      direction * compareByLabels(a.series.labels, b.series.labels, names, order) < 0;
  };
}

function compareByLabels(
  a: Labels,
  b: Labels,
  names: readonly string[],
  order: NaturalOrder,
): number {
  for (const name of names) {
    const [left, right] = [a.get(name), b.get(name)];
    if (left !== right) return order.precedes(left, right) ? -1 : 1;
  }
  return a.compare(b);
}

/** The functions that put the result of an instant query in order. */
export const sortFunctions: Readonly<Record<string, FunctionImplementation>> = {
  sort: sortBy(() => ascending, "floats"),
  sort_by_label: sortBy(byLabels(1), "all samples"),
  sort_by_label_desc: sortBy(byLabels(-1), "all samples"),
  sort_desc: sortBy(() => descending, "floats"),
};
