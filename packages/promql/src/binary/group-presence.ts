import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { Pending, VectorOperator } from "../eval/operator.ts";

/**
 * At which steps any series of a match group is present. Series that are read anyway tell it by the way
 * (`record`); `of` reads those of the group that nobody has read yet.
 *
 * ```
 * step          0  1  2  3
 * group 0     [ 1, 1, 0, 1 ]    a byte a step, for the groups that have members
 * group 1     [ 0, 0, 0, 1 ]
 * ```
 */
export class GroupPresence {
  readonly #vector: VectorOperator;
  readonly #groupOf: Int32Array;
  readonly #members: readonly (readonly number[])[];
  readonly #steps: number;
  readonly #context: EvalContext;
  readonly #present: (Uint8Array | undefined)[] = [];
  readonly #read: Uint8Array;
  readonly #scratch: Column;

  constructor(
    vector: VectorOperator,
    groupOf: Int32Array,
    members: readonly (readonly number[])[],
    context: EvalContext,
  ) {
    this.#vector = vector;
    this.#groupOf = groupOf;
    this.#members = members;
    this.#steps = context.steps.count;
    this.#context = context;
    this.#read = new Uint8Array(vector.series.length);
    this.#scratch = new Column(this.#steps);
  }

  /** Notes where series i is present. */
  record(i: number, column: Column): void {
    if (this.#read[i] === 1) return;
    this.#read[i] = 1;
    const present = this.#of(this.#groupOf[i] as number);
    for (let k = 0; k < this.#steps; k++)
      present[k] = (present[k] as number) | (column.present[k] as number);
  }

  /** Reads what is missing of a group, so that `of` is complete. */
  complete(group: number): Pending {
    const missing = (this.#members[group] as readonly number[]).filter((i) => this.#read[i] === 0);
    return missing.length === 0 ? undefined : this.#readAll(missing);
  }

  /** Reads every series that has not been read. */
  completeAll(): Promise<void> {
    return this.#readAll(this.#read.keys());
  }

  /** Not 0 at the steps where the group is present, or undefined where it never is. */
  of(group: number): Uint8Array | undefined {
    return this.#present[group];
  }

  async #readAll(series: Iterable<number>): Promise<void> {
    const { budget } = this.#context;
    for (const i of series) {
      if (this.#read[i] === 1) continue;
      const pending = this.#vector.column(i, this.#scratch);
      if (pending !== undefined) await pending;
      this.record(i, this.#scratch);
      if (budget.spend(this.#steps)) await budget.pause();
    }
  }

  #of(group: number): Uint8Array {
    let present = this.#present[group];
    if (present === undefined) {
      // A byte a step, an eighth of a sample.
      this.#context.budget.hold(Math.ceil(this.#steps / 8));
      present = new Uint8Array(this.#steps);
      this.#present[group] = present;
    }
    return present;
  }
}
