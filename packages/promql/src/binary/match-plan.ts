import { Labels } from "@linklight/model";
import { SERIES_WORK } from "../eval/budget.ts";
import type { EvalContext } from "../eval/context.ts";
import { withoutMetricName } from "../eval/metric-name.ts";
import type { OperatorSeries } from "../eval/operator.ts";
import type { BinaryExpr, VectorMatching } from "../syntax/ast.ts";
import { isArithmetic } from "./float-operators.ts";
import { type MatchGroups, matchLabels, membersOf } from "./match-groups.ts";

/**
 * Terms: of two vectors that meet, one is the *"many"* side, whose series each meet at most one of the other at a
 * step; that other is the *"one"* side. `group_right` makes the right side the "many", everything else the left.
 *
 * A *variant* is a choice of the labels that `group_left(…)` takes from the "one" side: series of one match group
 * that differ in them, present at different steps, give different results. Without such labels there is one.
 */
export interface MatchPlan {
  readonly groups: readonly MatchGroup[];
  /** The group of each series of the "many" side. */
  readonly groupOfMany: Int32Array;
  readonly manyByGroup: readonly (readonly number[])[];
  readonly outputs: readonly Output[];
}

/** The "one" side of a match group. */
export interface MatchGroup {
  /** Its series, ascending. */
  readonly ones: readonly number[];
  /** The variant of each of them. */
  readonly variants: readonly number[];
  /** The variant where a fill value stands in for them. */
  fillVariant: number;
  /** How many there are; 1 unless label sets differ. */
  variantCount: number;
}

/** A series of the result and what goes into it. */
export interface Output {
  readonly labels: Labels;
  /** Ascending by group, the fill of a group after its series. Rarely more than one. */
  readonly sources: Source[];
}

/** A series of the "many" side, or −1 for its fill value, where it meets one variant of a match group. */
export interface Source {
  readonly many: number;
  readonly group: number;
  readonly variant: number;
}

/** What of the matching is not in the series: which side is which, what is filled, when names fall. */
export interface MatchSides {
  readonly many: readonly OperatorSeries[];
  readonly one: readonly OperatorSeries[];
  readonly groupOfMany: Int32Array;
  readonly groupOfOne: Int32Array;
  readonly fillsMany: boolean;
  readonly fillsOne: boolean;
  /** Whether `bool` drops the metric name at once. */
  readonly dropsName: boolean;
}

/** Works out, from the labels alone, which series the result has and where each comes from. */
export async function planMatches(
  expr: BinaryExpr,
  matching: VectorMatching,
  { count }: Pick<MatchGroups, "count">,
  sides: MatchSides,
  { budget }: Pick<EvalContext, "budget">,
): Promise<MatchPlan> {
  const manyByGroup = await membersOf(sides.groupOfMany, count, { budget });
  const groups: MatchGroup[] = [];
  for (const ones of await membersOf(sides.groupOfOne, count, { budget })) {
    groups.push({ ones, variants: ones.map(() => 0), fillVariant: 0, variantCount: 1 });
    if (budget.spend(ones.length)) await budget.pause();
  }
  const outputs = new OutputList();
  const variantsByGroup: (readonly Labels[] | undefined)[] = [];
  const { one, dropsName } = sides;
  for (const [many, { labels }] of sides.many.entries()) {
    const id = sides.groupOfMany[many] as number;
    const group = groups[id] as MatchGroup;
    let variants = variantsByGroup[id];
    if (variants === undefined) {
      // The same for all of the "many" side that meet the group.
      if (budget.spend(SERIES_WORK * group.ones.length)) await budget.pause();
      const fill = sides.fillsOne ? matchLabels(labels, matching) : undefined;
      variants = variantsOf(group, one, matching, fill);
      variantsByGroup[id] = variants;
    }
    for (const [variant, included] of variants.entries())
      outputs.add(resultLabels(labels, included, expr, matching, dropsName), {
        many,
        group: id,
        variant,
      });
    if (budget.spend(2 * SERIES_WORK)) await budget.pause();
  }
  if (sides.fillsMany) await fillMany(expr, matching, groups, sides, outputs, budget);
  return { groups, groupOfMany: sides.groupOfMany, manyByGroup, outputs: outputs.list() };
}

/** Adds what comes of the fill values that stand in for the "many" side. */
async function fillMany(
  expr: BinaryExpr,
  matching: VectorMatching,
  groups: readonly MatchGroup[],
  { one, fillsOne, dropsName }: MatchSides,
  outputs: OutputList,
  budget: EvalContext["budget"],
): Promise<void> {
  for (const [id, group] of groups.entries()) {
    const first = group.ones[0];
    if (first === undefined) continue;
    const common = matchLabels((one[first] as OperatorSeries).labels, matching);
    const variants = variantsOf(group, one, matching, fillsOne ? common : undefined);
    for (const variant of new Set(group.variants)) {
      const included = variants[variant] as Labels;
      outputs.add(resultLabels(common, included, expr, matching, dropsName), {
        many: -1,
        group: id,
        variant,
      });
    }
    if (budget.spend(2 * SERIES_WORK)) await budget.pause();
  }
}

/**
 * A representative label set for each variant of a group, and the group's numbers of them filled in. `fill` is the
 * label set of a fill value, which has only the labels that were matched on.
 */
function variantsOf(
  group: MatchGroup,
  one: readonly OperatorSeries[],
  matching: VectorMatching,
  fill: Labels | undefined,
): readonly Labels[] {
  const representatives: Labels[] = [];
  const ids = new Map<string, number>();
  const idOf = (labels: Labels): number => {
    const key = matching.include.length === 0 ? "" : labels.keep(...matching.include).key;
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, representatives.length);
    return representatives.push(labels) - 1;
  };
  const variants = group.variants as number[];
  for (const [i, j] of group.ones.entries()) variants[i] = idOf((one[j] as OperatorSeries).labels);
  if (fill !== undefined) group.fillVariant = idOf(fill);
  group.variantCount = Math.max(1, representatives.length);
  return representatives;
}

/**
 * The labels of what comes of a pair of series: those of the "many" side, less what describes its metric where the
 * operator computes another number; between single series only those that were matched on; with the labels of
 * `group_left(…)` or `group_right(…)` from the "one" side, where an absent label removes the other side's.
 *
 * `dropsName`: whether a `bool` comparison drops the metric name here, rather than at the end of the query.
 */
function resultLabels(
  many: Labels,
  one: Labels,
  expr: BinaryExpr,
  matching: VectorMatching,
  dropsName: boolean,
): Labels {
  let labels = many;
  if (isArithmetic(expr.operator)) labels = withoutMetricName(labels);
  if (matching.cardinality === "one-to-one")
    labels = matching.on ? labels.keep(...matching.labels) : labels.without(...matching.labels);
  if (matching.include.length > 0) {
    const included = one.keep(...matching.include);
    labels = Labels.from([...labels.without(...matching.include), ...included]);
  }
  return expr.returnBool && dropsName ? withoutMetricName(labels) : labels;
}

/** Results by their labels, in the order in which they come up. */
class OutputList {
  readonly #byKey = new Map<string, Output>();

  add(labels: Labels, source: Source): void {
    const output = this.#byKey.get(labels.key);
    if (output === undefined) this.#byKey.set(labels.key, { labels, sources: [source] });
    else output.sources.push(source);
  }

  list(): readonly Output[] {
    const outputs = [...this.#byKey.values()];
    for (const { sources } of outputs)
      if (sources.length > 1) sources.sort((a, b) => a.group - b.group);
    return outputs;
  }
}
