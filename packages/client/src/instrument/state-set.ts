import { checkStates, stateSetLines } from "../family/lines.ts";
import { Series, type SeriesTable } from "../family/series-table.ts";
import { Instrument, type InstrumentOptions } from "./instrument.ts";

/** Options of a {@link StateSet}: `S` is the union of its states. */
export interface StateSetOptions<S extends string, L extends string = never>
  extends InstrumentOptions<L> {
  /** All states, in the order in which they are shown. The first is on at the start. */
  readonly states: readonly S[];
}

/** One series of a {@link StateSet}: all its states, each on (1) or off (0). */
export class StateSetSeries<S extends string> extends Series {
  readonly #metric: string;
  readonly #states: readonly S[];

  constructor(table: SeriesTable<Series>, offset: number, metric: string, states: readonly S[]) {
    super(table, offset);
    this.#metric = metric;
    this.#states = states;
  }

  /** Turns this state on and all others off. */
  set(state: S): void {
    const on = this.#position(state);
    for (let i = 0; i < this.#states.length; i++)
      this.table.values[this.offset + i] = i === on ? 1 : 0;
  }

  /** Turns one state on or off and leaves the others, for states that can hold together. */
  setEnabled(state: S, enabled: boolean): void {
    this.table.values[this.offset + this.#position(state)] = enabled ? 1 : 0;
  }

  #position(state: S): number {
    const position = this.#states.indexOf(state);
    if (position < 0)
      throw new RangeError(
        `metric ${this.#metric}: unknown state ${JSON.stringify(state)}: expected one of ${this.#states.join(", ")}`,
      );
    return position;
  }
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
      (table, offset, _now, info) => {
        table.values[offset] = 1;
        return new StateSetSeries(table, offset, info.name, states);
      },
    );
  }

  /** Sets the state of a state set without labels. */
  set(state: S): void {
    this.single().set(state);
  }
}
