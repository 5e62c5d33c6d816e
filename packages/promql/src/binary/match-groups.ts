import { type Labels, METRIC_NAME } from "@linklight/model";
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
export function matchGroups(
  left: readonly OperatorSeries[],
  right: readonly OperatorSeries[],
  matching: VectorMatching,
): MatchGroups {
  const ids = new Map<string, number>();
  const groupOf = ({ labels }: OperatorSeries): number => {
    const key = matchLabels(labels, matching).key;
    let id = ids.get(key);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
    }
    return id;
  };
  const ofLeft = Int32Array.from(left, groupOf);
  const ofRight = Int32Array.from(right, groupOf);
  return { count: ids.size, ofLeft, ofRight };
}

/** The members of each group, ascending. */
export function membersOf(groupOf: Int32Array, count: number): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: count }, () => []);
  for (const [i, group] of groupOf.entries()) members[group]?.push(i);
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
