import { checkStates, stateSetLines } from "./lines.ts";
import { applyOptions, type ValueOptions } from "./number-family.ts";
import type { FamilyOptions } from "./options.ts";
import { type LabelsOf, SeriesFamily } from "./series-family.ts";
import { Series, type SeriesTable } from "./series-table.ts";

/** Options of a {@link StateSetFamily}. */
export interface StateSetFamilyOptions<S extends string, L extends string = string>
  extends FamilyOptions<L> {
  /** All states, in the order in which they are shown. */
  readonly states: readonly S[];
}

/** The handle of one state set: which of the declared states hold. */
export class StateHandle<S extends string> extends Series {
  readonly #metric: string;
  readonly #states: readonly S[];

  constructor(table: SeriesTable<Series>, offset: number, metric: string, states: readonly S[]) {
    super(table, offset);
    this.#metric = metric;
    this.#states = states;
  }

  /** Turns these states on (one, several or none) and all others off. Throws RangeError for a state that was not declared. */
  set(enabled: S | readonly S[], options?: Pick<ValueOptions, "timestamp">): void {
    const on: readonly S[] = typeof enabled === "string" ? [enabled] : enabled;
    const unknown = on.find((state) => !this.#states.includes(state));
    if (unknown !== undefined)
      throw new RangeError(
        `metric ${this.#metric}: unknown state ${JSON.stringify(unknown)}: expected one of ${this.#states.join(", ")}`,
      );
    this.#states.forEach((state, i) => {
      this.table.values[this.offset + i] = on.includes(state) ? 1 : 0;
    });
    if (options) applyOptions(this, this.#metric, options, 0, 0);
  }
}

/**
 * State sets that a collector read elsewhere. Every declared state is always shown, on (1) or off (0).
 *
 * ```ts
 * yield new StateSetFamily({ name: "port_link_status", help: "Link state of an interface (port)", states: ["UP", "DOWN"], labelNames: ["port"] })
 *   .add({ port: "1" }, "UP");
 * ```
 */
export class StateSetFamily<S extends string, L extends string = never> extends SeriesFamily<
  L,
  StateHandle<S>
> {
  constructor(options: StateSetFamilyOptions<S, L>) {
    const states = checkStates(options.name, options.states) as readonly S[];
    super(
      "stateset",
      options,
      (info) => stateSetLines(info.name, states),
      (table, offset) => new StateHandle(table, offset, options.name, states),
    );
  }

  /** The handle of the state set with these labels, to be kept by a collector that keeps its family too. */
  series(labels: LabelsOf<L>): StateHandle<S> {
    return this.at(labels);
  }

  /** Adds a state set with the states that hold. Throws TypeError when the labels repeat. */
  add(
    labels: LabelsOf<L>,
    enabled: S | readonly S[],
    options?: Pick<ValueOptions, "timestamp">,
  ): this {
    this.addNew(labels).set(enabled, options);
    return this;
  }
}
