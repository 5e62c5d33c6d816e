import { checkStates, stateSetLines } from "../family/lines.ts";
import { StateSetSeries } from "../family/state-set-series.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";

/** Options of a {@link StateSet}: `S` is the union of its states. */
export interface StateSetOptions<S extends string, L extends string = never>
  extends InstrumentOptions<L> {
  /** All states, in the order in which they are shown. The first is on at the start. */
  readonly states: readonly S[];
}

/**
 * Which of several states hold. Every state is always shown, so that a query never finds two "current" ones.
 *
 * ```ts
 * const link = new StateSet({ name: "port_link_status", help: "Link state of an interface (port)", states: ["UP", "DOWN"] });
 * link.set("DOWN");      // port_link_status{port_link_status="UP"} 0   port_link_status{port_link_status="DOWN"} 1
 * ```
 */
export class StateSet<S extends string, L extends string = never> extends Instrument<
  L,
  StateSetSeries<S>
> {
  constructor(options: StateSetOptions<S, L>) {
    const states = checkStates(options.name, options.states) as readonly S[];
    super(
      "stateset",
      options,
      (info) => stateSetLines(info.name, states),
      (table, offset) => {
        table.values[offset] = 1;
        return new StateSetSeries(table, offset, states);
      },
    );
  }

  /** Sets which states hold in a state set without labels. */
  set(enabled: S | readonly S[]): void {
    this.single().set(enabled);
  }
}
