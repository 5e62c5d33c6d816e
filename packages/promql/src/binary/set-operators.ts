import { SERIES_WORK } from "../eval/budget.ts";
import { ABSENT, Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { addColumn } from "../eval/merge-same-labels.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import type { SetOperator, VectorMatching } from "../syntax/ast.ts";
import { GroupPresence } from "./group-presence.ts";
import { matchGroups, membersOf } from "./match-groups.ts";
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
    const united = await uniteSeries(left.series, right.series, context);
    const members = await membersOf(groups.ofLeft, groups.count, context);
    const presence = new GroupPresence(left, groups.ofLeft, members, context);
    const union = new Union(left, right, united, groups.ofRight, presence, context);
    await union.settleNames(united.unsettled);
    return inOrderOfSamples(union, context);
  }
  const members = await membersOf(groups.ofRight, groups.count, context);
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
  readonly #rightOf: readonly number[];
  readonly #ranks: Float64Array;
  readonly #scratch: Column;
  readonly #context: EvalContext;

  constructor(
    left: VectorOperator,
    right: VectorOperator,
    { series, rightOf }: UnitedSeries,
    groupOfRight: Int32Array,
    presence: GroupPresence,
    context: EvalContext,
  ) {
    this.series = series;
    this.#left = left;
    this.#right = right;
    this.#rightOf = rightOf;
    this.#groupOfRight = groupOfRight;
    this.#presence = presence;
    this.#ranks = new Float64Array(series.length);
    this.#scratch = new Column(context.steps.count);
    this.#context = context;
  }

  /** Over several steps a series has one name: that of its first sample, whichever side it is from. */
  async settleNames(unsettled: readonly number[]): Promise<void> {
    if (unsettled.length === 0) return;
    const { steps, budget } = this.#context;
    const own = new Column(steps.count);
    const all = new Column(steps.count);
    for (const i of unsettled) {
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

/** The series of both sides, each once: all of the left, and those that only the right has. */
interface UnitedSeries {
  readonly series: OperatorSeries[];
  /** The series of the right side that goes into each, or −1. */
  readonly rightOf: readonly number[];
  /** Those of which one side is to lose its name later and the other is not. */
  readonly unsettled: readonly number[];
}

async function uniteSeries(
  left: readonly OperatorSeries[],
  right: readonly OperatorSeries[],
  { budget, steps }: EvalContext,
): Promise<UnitedSeries> {
  const isSingle = steps.count === 1;
  const keyOf = (one: OperatorSeries): string => (isSingle ? seriesKey(one) : one.labels.key);
  const series: OperatorSeries[] = [];
  const rightOf: number[] = [];
  const unsettled: number[] = [];
  const positions = new Map<string, number>();
  for (const one of left) {
    positions.set(keyOf(one), series.length);
    series.push(one);
    rightOf.push(-1);
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  for (const [j, one] of right.entries()) {
    const i = positions.get(keyOf(one));
    if (i !== undefined) {
      rightOf[i] = j;
      if (series[i]?.dropName !== one.dropName) unsettled.push(i);
    } else {
      series.push(one);
      rightOf.push(j);
    }
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  return { series, rightOf, unsettled };
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
