import type { Labels } from "@linklight/model";
import { type Budget, SERIES_WORK } from "../eval/budget.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries } from "../eval/operator.ts";
import { goSort } from "../order/go-sort.ts";
import { parseBound } from "./bound.ts";

/** The label that holds the upper bound of a bucket. */
export const BUCKET_LABEL = "le";

/** The series that are the buckets of one classic histogram: all labels but `le` are the same. */
export interface BucketGroup {
  /** Without `le`. */
  readonly labels: Labels;
  /** The series, by ascending bound. */
  readonly members: readonly BucketMember[];
}

export interface BucketMember {
  readonly series: number;
  readonly bound: number;
}

export interface BucketGroups {
  readonly groups: readonly BucketGroup[];
  /** The series that are no buckets: `le` is missing, or no number. */
  readonly others: readonly number[];
}

/** Sorts series into histograms, in the order in which these first occur. */
export async function groupBuckets(
  series: readonly OperatorSeries[],
  { budget }: Pick<EvalContext, "budget">,
): Promise<BucketGroups> {
  const byKey = new Map<string, { labels: Labels; members: BucketMember[] }>();
  const others: number[] = [];
  for (const [i, { labels }] of series.entries()) {
    if (budget.spend(SERIES_WORK)) await budget.pause();
    const bound = parseBound(labels.get(BUCKET_LABEL));
    if (bound === undefined) {
      others.push(i);
      continue;
    }
    const own = labels.without(BUCKET_LABEL);
    let group = byKey.get(own.key);
    if (group === undefined) {
      group = { labels: own, members: [] };
      byKey.set(own.key, group);
    }
    group.members.push({ series: i, bound });
  }
  const groups = [...byKey.values()];
  for (const { members } of groups) await sortByBound(members, budget);
  return { groups, others };
}

/** Sorts as Go does, since a bound that is NaN has no place: where it ends up is part of the result. */
async function sortByBound(members: BucketMember[], budget: Budget): Promise<void> {
  await goSort(
    members.length,
    (a, b) => (members[a] as BucketMember).bound < (members[b] as BucketMember).bound,
    (a, b) => {
      const member = members[a] as BucketMember;
      members[a] = members[b] as BucketMember;
      members[b] = member;
    },
    budget,
  );
}
