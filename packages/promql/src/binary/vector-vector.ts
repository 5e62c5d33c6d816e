import type { Labels } from "@linklight/model";
import { ABSENT, Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { addColumn } from "../eval/merge-same-labels.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import type { BinaryExpr, VectorMatching } from "../syntax/ast.ts";
import { columnOf, Elementwise } from "./elementwise.ts";
import { GroupPresence } from "./group-presence.ts";
import {
  duplicateSeriesError,
  explicitGroupingError,
  groupingLabelsError,
} from "./match-errors.ts";
import { matchGroups } from "./match-groups.ts";
import {
  type MatchPlan,
  type MatchSides,
  type Output,
  planMatches,
  type Source,
} from "./match-plan.ts";
import { type Conflict, type LoadedGroup, OneSide } from "./one-side.ts";
import { inOrderOfSamples, type RankedVector } from "./single-step.ts";

/** Opens an arithmetic, comparison or trim operator between two vectors. */
export async function openVectorVector(
  expr: BinaryExpr,
  matching: VectorMatching,
  left: VectorOperator,
  right: VectorOperator,
  context: EvalContext,
): Promise<VectorOperator> {
  const manyIsLeft = matching.cardinality !== "one-to-many";
  const [many, one] = manyIsLeft ? [left, right] : [right, left];
  const groups = await matchGroups(left.series, right.series, matching, context);
  const sides: MatchSides = {
    many: many.series,
    one: one.series,
    groupOfMany: manyIsLeft ? groups.ofLeft : groups.ofRight,
    groupOfOne: manyIsLeft ? groups.ofRight : groups.ofLeft,
    // As in Prometheus, which swaps the sides for `group_right` but not their fill values: there `fill_left`
    // stands in for the "many" side too, though it is written on the right.
    fillsMany: matching.fillLeft !== undefined,
    fillsOne: matching.fillRight !== undefined,
    dropsName: !context.features.has("promql-delayed-name-removal"),
  };
  const plan = await planMatches(expr, matching, groups, sides, context);
  const joined = new Join(expr, matching, plan, many, one, context);
  await joined.open();
  return inOrderOfSamples(joined, context);
}

/** Two vectors matched by their labels. The "many" side streams through; the "one" side is kept by match group. */
class Join implements RankedVector {
  readonly series: readonly OperatorSeries[];
  readonly #plan: MatchPlan;
  readonly #matching: VectorMatching;
  readonly #many: VectorOperator;
  readonly #one: VectorOperator;
  readonly #ones: OneSide;
  readonly #elementwise: Elementwise;
  readonly #context: EvalContext;
  /** Where each group is on the "many" side, which decides where its fill value stands in. */
  readonly #presence: GroupPresence | undefined;
  readonly #manyFill: Column | undefined;
  /** One-to-one: the series of the "many" side, counted from 1, that met the group at each step. */
  readonly #metBy: (Int32Array | undefined)[] = [];
  /** While sources are merged: the group, counted from 1, that gave the last match at each step. */
  readonly #mergedGroup: Int32Array;
  #merges = false;
  /** How many steps are searched for series that meet others in vain. */
  #checkedSteps: number;
  readonly #ranks: Float64Array;
  readonly #scratch: Column;

  constructor(
    expr: BinaryExpr,
    matching: VectorMatching,
    plan: MatchPlan,
    many: VectorOperator,
    one: VectorOperator,
    context: EvalContext,
  ) {
    const steps = context.steps.count;
    // Without delayed name removal the names have fallen already.
    const dropName = expr.returnBool && context.features.has("promql-delayed-name-removal");
    this.series = plan.outputs.map(({ labels }) => ({ labels, dropName }));
    this.#plan = plan;
    this.#matching = matching;
    this.#many = many;
    this.#one = one;
    this.#ones = new OneSide(one, plan, matching.fillRight, context);
    this.#elementwise = new Elementwise(expr, context.annotations, steps);
    this.#context = context;
    this.#scratch = new Column(steps);
    this.#mergedGroup = new Int32Array(steps);
    this.#checkedSteps = steps;
    this.#ranks = new Float64Array(plan.outputs.length);
    if (matching.fillLeft !== undefined) {
      this.#presence = new GroupPresence(many, plan.groupOfMany, plan.manyByGroup, context);
      this.#manyFill = columnOf(new Float64Array(steps).fill(matching.fillLeft), new Column(steps));
    }
  }

  /**
   * Throws when two series of a match group are present together on the "one" side, and reads the series that
   * meet nothing: their errors and annotations belong to the query.
   */
  async open(): Promise<void> {
    await this.#readUnmet();
    const conflicts = await this.#ones.findConflicts();
    if (conflicts.length === 0) return;
    const conflict = await this.#firstThatCounts(conflicts);
    if (conflict === undefined) return;
    await this.#meetUntil(conflict.step);
    const labels = (j: number): Labels => (this.#one.series[j] as OperatorSeries).labels;
    throw duplicateSeriesError(labels(conflict.second), labels(conflict.first), this.#matching);
  }

  /** Samples stand in the order of the "many" side; what is filled there stands after them, in that of the "one". */
  rank(i: number): number {
    return this.#ranks[i] as number;
  }

  /** Lets the series meet at the steps before one: what is wrong there comes before what is wrong at it. */
  async #meetUntil(step: number): Promise<void> {
    if (step === 0) return;
    this.#checkedSteps = step;
    const { steps } = this.#context;
    const scratch = new Column(steps.count);
    for (let i = 0; i < this.series.length; i++) {
      const pending = this.column(i, scratch);
      if (pending !== undefined) await pending;
    }
  }

  column(i: number, into: Column): Pending {
    const { sources } = this.#plan.outputs[i] as Output;
    if (sources.length > 1) return this.#merge(i, sources, into);
    this.#ranks[i] = this.#rankOf(sources[0] as Source);
    return this.#read(sources[0] as Source, into);
  }

  #rankOf({ many, group }: Source): number {
    if (many >= 0) return many;
    const [first = 0] = (this.#plan.groups[group] as MatchPlan["groups"][number]).ones;
    return this.#many.series.length + first;
  }

  async #readUnmet(): Promise<void> {
    const { groups, manyByGroup } = this.#plan;
    const { fillLeft, fillRight } = this.#matching;
    const readAll = async (vector: VectorOperator, series: Iterable<number>): Promise<void> => {
      for (const i of series) {
        await vector.column(i, this.#scratch);
        await this.#spend();
      }
    };
    for (const [id, { ones }] of groups.entries()) {
      const many = manyByGroup[id] as readonly number[];
      if (ones.length === 0 && fillRight === undefined) await readAll(this.#many, many);
      // Several of them are read in search of conflicts anyway.
      if (many.length === 0 && fillLeft === undefined && ones.length === 1)
        await readAll(this.#one, ones);
    }
  }

  /** A conflict is an error only where the other side has any sample: otherwise nothing is matched at all. */
  async #firstThatCounts(conflicts: readonly Conflict[]): Promise<Conflict | undefined> {
    const { fillLeft, fillRight } = this.#matching;
    if (fillLeft !== undefined || fillRight !== undefined) return conflicts[0];
    const anyMember = [...this.#many.series.keys()];
    const everything = new Int32Array(anyMember.length);
    const presence = new GroupPresence(this.#many, everything, [anyMember], this.#context);
    await presence.completeAll();
    const present = presence.of(0);
    return conflicts.find(({ step }) => present !== undefined && present[step] !== 0);
  }

  #read(source: Source, into: Column): Pending {
    if (source.many < 0) return this.#readFill(source, into);
    const pending = this.#many.column(source.many, into);
    if (pending !== undefined) return this.#readLater(pending, source, into);
    const group = this.#ones.load(source.group);
    return group instanceof Promise
      ? group.then((loaded) => this.#meet(source, into, loaded))
      : this.#meet(source, into, group);
  }

  async #readLater(pending: Promise<void>, source: Source, into: Column): Promise<void> {
    await pending;
    await this.#meet(source, into, await this.#ones.load(source.group));
  }

  /** A series of the "many" side, which is in `into`, meets its group. */
  #meet(source: Source, into: Column, group: LoadedGroup): Pending {
    this.#presence?.record(source.many, into);
    const one = group.filled;
    const [left, right] = this.#matching.cardinality === "one-to-many" ? [one, into] : [into, one];
    this.#elementwise.meet(left, right, into);
    if (group.variantAt !== undefined) keepVariant(into, group.variantAt, source.variant);
    if (this.#matching.cardinality === "one-to-one") this.#checkOneToOne(source, into);
    else this.#checkGrouping(source, into);
    this.#elementwise.apply(left, right, left, into);
    return this.#spend();
  }

  /** The fill value of the "many" side meets the group where no series of its own does. */
  async #readFill(source: Source, into: Column): Promise<void> {
    const presence = this.#presence as GroupPresence;
    const fill = this.#manyFill as Column;
    await presence.complete(source.group);
    const group = await this.#ones.load(source.group);
    const one = group.real;
    const [left, right] = this.#matching.cardinality === "one-to-many" ? [one, fill] : [fill, one];
    into.clear();
    this.#elementwise.meet(left, right, into);
    if (group.variantAt !== undefined) keepVariant(into, group.variantAt, source.variant);
    const taken = presence.of(source.group);
    if (taken !== undefined)
      for (let k = 0; k < taken.length; k++) if (taken[k] !== 0) into.present[k] = ABSENT;
    this.#elementwise.apply(left, right, left, into);
    await this.#spend();
  }

  /** Several sources of one label set take turns; two of them at a step are an error. */
  async #merge(i: number, sources: readonly Source[], into: Column): Promise<void> {
    this.#mergedGroup.fill(0);
    this.#merges = true;
    this.#ranks[i] = this.#rankOf(sources[0] as Source);
    await this.#read(sources[0] as Source, into);
    const scratch = this.#scratch;
    for (const source of sources.slice(1)) {
      await this.#read(source, scratch);
      if (scratch.present[0] !== ABSENT) this.#ranks[i] = this.#rankOf(source);
      scratch.present.fill(ABSENT, this.#checkedSteps);
      addColumn(scratch, into);
    }
    this.#merges = false;
  }

  /** In a matching of one to one, a group is met by one series a step, whether or not a comparison then keeps it. */
  #checkOneToOne({ many, group }: Source, into: Column): void {
    if ((this.#plan.manyByGroup[group] as readonly number[]).length < 2) return;
    let metBy = this.#metBy[group];
    if (metBy === undefined) {
      metBy = new Int32Array(this.#context.steps.count);
      this.#metBy[group] = metBy;
    }
    for (let k = 0; k < this.#checkedSteps; k++) {
      if (into.present[k] === ABSENT) continue;
      if (metBy[k] !== 0 && metBy[k] !== many + 1) throw explicitGroupingError();
      metBy[k] = many + 1;
    }
  }

  /** Two series of a group must not give the same labels, whether or not a comparison then keeps them. */
  #checkGrouping({ group }: Source, into: Column): void {
    const merged = this.#mergedGroup;
    if (!this.#merges) return;
    for (let k = 0; k < this.#checkedSteps; k++) {
      if (into.present[k] === ABSENT) continue;
      if (merged[k] === group + 1) throw groupingLabelsError();
      merged[k] = group + 1;
    }
  }

  #spend(): Pending {
    const { budget, steps } = this.#context;
    return budget.spend(steps.count) ? budget.pause() : undefined;
  }
}

function keepVariant(column: Column, variantAt: Int32Array, variant: number): void {
  for (let k = 0; k < variantAt.length; k++)
    if (variantAt[k] !== variant) column.present[k] = ABSENT;
}
