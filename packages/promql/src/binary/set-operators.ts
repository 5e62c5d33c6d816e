import { ABSENT, Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { addColumn } from "../eval/merge-same-labels.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import type { SetOperator, VectorMatching } from "../syntax/ast.ts";
import { GroupPresence } from "./group-presence.ts";
import { type MatchGroups, matchGroups, membersOf } from "./match-groups.ts";
import { inOrderOfSamples, type RankedVector } from "./single-step.ts";

/** Opens `and`, `or` or `unless`, which choose among samples at each step and change none of them. */
export async function openSetOperator(
  operator: SetOperator,
  left: VectorOperator,
  right: VectorOperator,
  matching: VectorMatching,
  context: EvalContext,
): Promise<VectorOperator> {
  const groups = await matchGroups(left.series, right.series, matching, context);
  if (operator === "or") {
    const union = new Union(left, right, groups, context);
    await union.settleNames();
    return inOrderOfSamples(union, context);
  }
  const members = membersOf(groups.ofRight, groups.count);
  const presence = new GroupPresence(right, groups.ofRight, members, context);
  // All of it, also what nothing on the left can meet: its errors and annotations belong to the query.
  await presence.completeAll();
  return new Restriction(left, groups.ofLeft, presence, operator === "and", context);
}

/** The samples of the left side at whose steps their match group is (`and`) or is not (`unless`) on the right. */
class Restriction implements VectorOperator {
  readonly series: readonly OperatorSeries[];
  readonly #left: VectorOperator;
  readonly #groupOf: Int32Array;
  readonly #presence: GroupPresence;
  readonly #wanted: boolean;
  readonly #context: EvalContext;

  constructor(
    left: VectorOperator,
    groupOf: Int32Array,
    presence: GroupPresence,
    wanted: boolean,
    context: EvalContext,
  ) {
    this.series = left.series;
    this.#left = left;
    this.#groupOf = groupOf;
    this.#presence = presence;
    this.#wanted = wanted;
    this.#context = context;
  }

  column(i: number, into: Column): Pending {
    const pending = this.#left.column(i, into);
    return pending === undefined
      ? this.#restrict(i, into)
      : pending.then(() => this.#restrict(i, into));
  }

  #restrict(i: number, into: Column): Pending {
    const present = this.#presence.of(this.#groupOf[i] as number);
    if (present !== undefined) {
      if (this.#wanted) keepWhere(into, present);
      else dropWhere(into, present);
    } else if (this.#wanted) {
      into.clear();
    }
    return spend(this.#context);
  }
}

/**
 * All samples of the left side, and those of the right at whose steps their match group is not on the left.
 * A label set that both sides have is one series: where both have a sample, the right one is not chosen.
 */
class Union implements RankedVector {
  readonly series: OperatorSeries[];
  readonly #left: VectorOperator;
  readonly #right: VectorOperator;
  readonly #groupOfRight: Int32Array;
  readonly #presence: GroupPresence;
  /** The series of the right side that goes into each of ours, or −1. Ours begin with all of the left side. */
  readonly #rightOf: number[];
  /** The series of which one side is to lose its name later and the other is not. */
  readonly #unsettled: number[] = [];
  readonly #ranks: Float64Array;
  readonly #scratch: Column;
  readonly #context: EvalContext;

  constructor(
    left: VectorOperator,
    right: VectorOperator,
    groups: MatchGroups,
    context: EvalContext,
  ) {
    this.#left = left;
    this.#right = right;
    this.#groupOfRight = groups.ofRight;
    const members = membersOf(groups.ofLeft, groups.count);
    this.#presence = new GroupPresence(left, groups.ofLeft, members, context);
    this.#scratch = new Column(context.steps.count);
    this.#context = context;
    const series: OperatorSeries[] = [...left.series];
    this.#rightOf = series.map(() => -1);
    const isSingle = context.steps.count === 1;
    const keyOf = (one: OperatorSeries): string => (isSingle ? seriesKey(one) : one.labels.key);
    const positions = new Map(series.map((one, i) => [keyOf(one), i]));
    for (const [j, one] of right.series.entries()) {
      const i = positions.get(keyOf(one));
      if (i !== undefined) {
        this.#rightOf[i] = j;
        if (series[i]?.dropName !== one.dropName) this.#unsettled.push(i);
      } else {
        series.push(one);
        this.#rightOf.push(j);
      }
    }
    this.series = series;
    this.#ranks = new Float64Array(series.length);
  }

  /** Over several steps a series has one name: that of its first sample, whichever side it is from. */
  async settleNames(): Promise<void> {
    if (this.#unsettled.length === 0) return;
    const { steps, budget } = this.#context;
    const own = new Column(steps.count);
    const all = new Column(steps.count);
    for (const i of this.#unsettled) {
      await this.#left.column(i, own);
      await this.column(i, all);
      const first = all.present.findIndex((kind) => kind !== ABSENT);
      const isLeft = first === -1 || own.present[first] !== ABSENT;
      if (!isLeft)
        this.series[i] = this.#right.series[this.#rightOf[i] as number] as OperatorSeries;
      if (budget.spend(2 * steps.count)) await budget.pause();
    }
  }

  /** All of the left side stands before the right. */
  rank(i: number): number {
    return this.#ranks[i] as number;
  }

  column(i: number, into: Column): Pending {
    if (i >= this.#left.series.length) return this.#readRight(i, into);
    const pending = this.#left.column(i, into);
    return pending === undefined
      ? this.#afterLeft(i, into)
      : pending.then(() => this.#afterLeft(i, into));
  }

  #afterLeft(i: number, into: Column): Pending {
    this.#presence.record(i, into);
    this.#ranks[i] =
      into.present[0] === ABSENT ? this.#left.series.length + (this.#rightOf[i] as number) : i;
    return this.#rightOf[i] === -1 ? spend(this.#context) : this.#addRight(i, into);
  }

  async #addRight(i: number, into: Column): Promise<void> {
    await this.#readRight(i, this.#scratch);
    // The right side is absent wherever its match group, and so this series, is present on the left.
    addColumn(this.#scratch, into);
  }

  async #readRight(i: number, into: Column): Promise<void> {
    const j = this.#rightOf[i] as number;
    if (i >= this.#left.series.length) this.#ranks[i] = this.#left.series.length + j;
    const group = this.#groupOfRight[j] as number;
    await this.#presence.complete(group);
    await this.#right.column(j, into);
    const taken = this.#presence.of(group);
    if (taken !== undefined) dropWhere(into, taken);
    await spend(this.#context);
  }
}

function seriesKey(series: OperatorSeries): string {
  return `${series.dropName ? "-" : "+"}${series.labels.key}`;
}

function keepWhere(column: Column, mask: Uint8Array): void {
  const { present } = column;
  for (let k = 0; k < present.length; k++) if (mask[k] === 0) present[k] = ABSENT;
}

function dropWhere(column: Column, mask: Uint8Array): void {
  const { present } = column;
  for (let k = 0; k < present.length; k++) if (mask[k] !== 0) present[k] = ABSENT;
}

function spend({ budget, steps }: EvalContext): Pending {
  return budget.spend(steps.count) ? budget.pause() : undefined;
}
