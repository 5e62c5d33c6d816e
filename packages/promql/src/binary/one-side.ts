import { ABSENT, Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { VectorOperator } from "../eval/operator.ts";
import type { MatchGroup, MatchPlan } from "./match-plan.ts";

/** The "one" side of a match group at every step. */
export interface LoadedGroup {
  /** Its samples. */
  readonly real: Column;
  /** The same with the fill value where there is none; `real` itself where nothing is filled. */
  readonly filled: Column;
  /** Which variant stands at each step; undefined where there is only one. */
  readonly variantAt: Int32Array | undefined;
}

/** Two series of a match group that are both present at a step. */
export interface Conflict {
  readonly step: number;
  /** Of the "one" side, the earlier first. */
  readonly first: number;
  readonly second: number;
}

/**
 * The "one" side of a matching, group by group. A group that several series of the "many" side meet, or in which
 * several series take turns, is read once and kept; one that is met once passes through a scratch column.
 */
export class OneSide {
  readonly #vector: VectorOperator;
  readonly #plan: MatchPlan;
  readonly #fill: number | undefined;
  readonly #context: EvalContext;
  readonly #kept: (LoadedGroup | undefined)[] = [];
  readonly #scratch: LoadedGroup;
  #inScratch = -1;
  /** The first conflict of each step, as Prometheus meets them: in the order of the series. */
  readonly #conflicts = new Map<number, Conflict>();

  constructor(
    vector: VectorOperator,
    plan: MatchPlan,
    fill: number | undefined,
    context: EvalContext,
  ) {
    this.#vector = vector;
    this.#plan = plan;
    this.#fill = fill;
    this.#context = context;
    this.#scratch = emptyGroup(context.steps.count, fill !== undefined, false);
  }

  /**
   * Reads the groups of several series, which must not be present together, and returns where they are, the
   * earliest step first. Everything else is read when it is met.
   */
  async findConflicts(): Promise<readonly Conflict[]> {
    for (const [id, group] of this.#plan.groups.entries())
      if (group.ones.length > 1) await this.load(id);
    return [...this.#conflicts.values()].sort((a, b) => a.step - b.step);
  }

  /** The group, or a promise of it where it must be read and its storage waits. Valid until the next is loaded. */
  load(id: number): LoadedGroup | Promise<LoadedGroup> {
    const kept = this.#kept[id];
    if (kept !== undefined) return kept;
    if (this.#inScratch === id) return this.#scratch;
    const group = this.#plan.groups[id] as MatchGroup;
    const metBy = (this.#plan.manyByGroup[id] as readonly number[]).length;
    if (group.ones.length > 1 || metBy > 1 || group.variantCount > 1) return this.#keep(id, group);
    this.#inScratch = -1;
    const only = group.ones[0];
    if (only === undefined) this.#scratch.real.clear();
    const pending = only === undefined ? undefined : this.#vector.column(only, this.#scratch.real);
    const finish = (): LoadedGroup => {
      this.#inScratch = id;
      this.#fillHoles(this.#scratch, group);
      return this.#scratch;
    };
    return pending === undefined ? finish() : pending.then(finish);
  }

  async #keep(id: number, group: MatchGroup): Promise<LoadedGroup> {
    const { budget, steps } = this.#context;
    const loaded = emptyGroup(steps.count, this.#fill !== undefined, group.variantCount > 1);
    budget.hold(steps.count * (this.#fill === undefined ? 1 : 2));
    if (group.ones.length === 1) {
      await this.#vector.column(group.ones[0] as number, loaded.real);
      if (loaded.variantAt !== undefined) loaded.variantAt.fill(group.variants[0] as number);
    } else {
      await this.#takeTurns(group, loaded);
    }
    if (budget.spend(steps.count)) await budget.pause();
    this.#fillHoles(loaded, group);
    this.#kept[id] = loaded;
    return loaded;
  }

  async #takeTurns(group: MatchGroup, { real, variantAt }: LoadedGroup): Promise<void> {
    const { budget, steps } = this.#context;
    const scratch = new Column(steps.count);
    const owner = new Int32Array(steps.count).fill(-1);
    for (const [position, j] of group.ones.entries()) {
      await this.#vector.column(j, scratch);
      for (let k = 0; k < steps.count; k++) {
        if (scratch.present[k] === ABSENT) continue;
        if (owner[k] !== -1) {
          this.#report({ step: k, first: owner[k] as number, second: j });
          continue;
        }
        owner[k] = j;
        real.present[k] = scratch.present[k] as number;
        real.values[k] = scratch.values[k] as number;
        const histogram = scratch.histograms?.[k];
        if (histogram !== undefined) real.setHistogram(k, histogram);
        if (variantAt !== undefined) variantAt[k] = group.variants[position] as number;
      }
      if (budget.spend(steps.count)) await budget.pause();
    }
  }

  #report(conflict: Conflict): void {
    const known = this.#conflicts.get(conflict.step);
    if (known === undefined || conflict.second < known.second)
      this.#conflicts.set(conflict.step, conflict);
  }

  #fillHoles({ real, filled, variantAt }: LoadedGroup, group: MatchGroup): void {
    if (this.#fill === undefined) return;
    filled.histograms = real.histograms;
    for (let k = 0; k < real.present.length; k++) {
      const absent = real.present[k] === ABSENT;
      filled.present[k] = absent ? FLOAT : (real.present[k] as number);
      filled.values[k] = absent ? this.#fill : (real.values[k] as number);
      if (absent && variantAt !== undefined) variantAt[k] = group.fillVariant;
    }
  }
}

function emptyGroup(steps: number, fills: boolean, varies: boolean): LoadedGroup {
  const real = new Column(steps);
  const filled = fills ? new Column(steps) : real;
  return { real, filled, variantAt: varies ? new Int32Array(steps) : undefined };
}
