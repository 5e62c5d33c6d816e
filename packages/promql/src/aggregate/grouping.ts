import { Labels, METRIC_NAME } from "@linklight/model";
import { SERIES_WORK } from "../eval/budget.ts";
import type { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries } from "../eval/operator.ts";
import type { AggregateExpr } from "../syntax/ast.ts";
import { isAnywherePresent } from "./held-columns.ts";

/** Which series an aggregation takes together. Computed once for all steps. */
export interface Grouping {
  /** The group of each series. */
  readonly groupOf: Int32Array;
  /** The labels of each group, in the order in which series bring them up. */
  readonly labels: readonly Labels[];
  /** How many series each group has. */
  readonly sizes: readonly number[];
}

/**
 * The order in which groups come up when series that have no sample are left aside, which is the order of results:
 * Prometheus does not know of such series.
 */
export class GroupOrder {
  readonly #seen: Uint8Array;
  /** The groups that have come up. */
  readonly groups: number[] = [];

  constructor(groups: number) {
    this.#seen = new Uint8Array(groups);
  }

  /** Notes a series of a group, which counts if it has any sample. */
  add(group: number, column: Column): void {
    if (this.#seen[group] === 1 || !isAnywherePresent(column)) return;
    this.#seen[group] = 1;
    this.groups.push(group);
  }
}

/** Groups series `by` the named labels or, with `without`, by all others but the metric name. */
export async function groupSeries(
  series: readonly OperatorSeries[],
  { grouping: names, without }: Pick<AggregateExpr, "grouping" | "without">,
  { budget }: Pick<EvalContext, "budget">,
): Promise<Grouping> {
  const ids = new Map<string, number>();
  const labels: Labels[] = [];
  const sizes: number[] = [];
  const groupOf = new Int32Array(series.length);
  for (const [i, one] of series.entries()) {
    const key = without ? one.labels.without(METRIC_NAME, ...names).key : keyOf(one.labels, names);
    let id = ids.get(key);
    if (id === undefined) {
      id = labels.push(groupLabels(one.labels, names, without)) - 1;
      sizes.push(0);
      ids.set(key, id);
    }
    groupOf[i] = id;
    sizes[id] = (sizes[id] as number) + 1;
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  return { groupOf, labels, sizes };
}

/** The labels that a series shares with its group. */
export function groupLabels(labels: Labels, names: readonly string[], without: boolean): Labels {
  if (without) return labels.without(METRIC_NAME, ...names);
  return names.length === 0 ? Labels.EMPTY : labels.keep(...names);
}

/**
 * A string that two label sets share exactly when they have the same values of the named labels, of which an absent one
 * is empty. Unlike `labels.keep(…).key` it makes no label set; for one label it is the value that is there.
 */
export function keyOf(labels: Labels, names: readonly string[]): string {
  if (names.length === 1) return labels.get(names[0] as string);
  let key = "";
  for (const name of names) {
    const value = labels.get(name);
    key += `${value.length}:${value}`;
  }
  return key;
}
