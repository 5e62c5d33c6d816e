import { checkStates, stateSetLines } from "./lines.ts";
import type { ValueOptions } from "./number-family.ts";
import type { FamilyOptions } from "./options.ts";
import { type LabelsOf, SeriesFamily } from "./series-family.ts";
import { StateSetSeries } from "./state-set-series.ts";

/** Options of a {@link StateSetFamily}. */
export interface StateSetFamilyOptions<S extends string, L extends string = string>
  extends FamilyOptions<L> {
  /** All states, in the order in which they are shown. */
  readonly states: readonly S[];
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
  StateSetSeries<S>
> {
  constructor(options: StateSetFamilyOptions<S, L>) {
    const states = checkStates(options.name, options.states) as readonly S[];
    super(
      "stateset",
      options,
      (info) => stateSetLines(info.name, states),
      (table, offset) => new StateSetSeries(table, offset, states),
    );
  }

  /** The handle of the state set with these labels, to be kept by a collector that keeps its family too. */
  series(labels: LabelsOf<L>): StateSetSeries<S> {
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
