import { type Labels, METRIC_NAME } from "@linklight/model";
import { keyOf } from "../aggregate/grouping.ts";
import { SERIES_WORK } from "../eval/budget.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries } from "../eval/operator.ts";
import type { VectorMatching } from "../syntax/ast.ts";

/**
 * Which series of two vectors may meet: those of one match group, that is with equal values of the matching
 * labels. Computed once for all steps.
 */
export interface MatchGroups {
  readonly count: number;
  /** The group of each series of the left side, and of the right. */
  readonly ofLeft: Int32Array;
  readonly ofRight: Int32Array;
}

/** Finds the match groups; they are numbered in the order in which series bring them up, the left side first. */
export async function matchGroups(
  left: readonly OperatorSeries[],
  right: readonly OperatorSeries[],
  matching: VectorMatching,
  { budget }: Pick<EvalContext, "budget">,
): Promise<MatchGroups> {
  const ids = new Map<string, number>();
  const groupsOf = async (series: readonly OperatorSeries[]): Promise<Int32Array> => {
    const groups = new Int32Array(series.length);
    for (const [i, { labels }] of series.entries()) {
      const key = matching.on ? keyOf(labels, matching.labels) : matchLabels(labels, matching).key;
      groups[i] = ids.get(key) ?? ids.size;
      ids.set(key, groups[i]);
      if (budget.spend(SERIES_WORK)) await budget.pause();
    }
    return groups;
  };
  const ofLeft = await groupsOf(left);
  const ofRight = await groupsOf(right);
  return { count: ids.size, ofLeft, ofRight };
}

/** The members of each group, ascending. */
export async function membersOf(
  groupOf: Int32Array,
  count: number,
  { budget }: Pick<EvalContext, "budget">,
): Promise<readonly (readonly number[])[]> {
  const members: number[][] = [];
  for (let group = 0; group < count; group++) {
    members.push([]);
    if (budget.spend(1)) await budget.pause();
  }
  for (const [i, group] of groupOf.entries()) {
    members[group]?.push(i);
    if (budget.spend(1)) await budget.pause();
  }
  return members;
}

/**
 * The labels that a match group has in common: those of `on`, or all but the metric name and those of `ignoring`.
 */
export function matchLabels(labels: Labels, matching: VectorMatching): Labels {
  return matching.on
    ? labels.keep(...matching.labels)
    : labels.without(METRIC_NAME, ...matching.labels);
}
