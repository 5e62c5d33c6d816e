import { applyOptions, type ValueOptions } from "./number-family.ts";
import { Series, type SeriesTable } from "./series-table.ts";

/** One series of a state set: all its states, each on (1) or off (0). */
export class StateSetSeries<S extends string> extends Series {
  readonly #states: readonly S[];

  constructor(table: SeriesTable<Series>, offset: number, states: readonly S[]) {
    super(table, offset);
    this.#states = states;
  }

  /** Turns these states on (one, several or none) and all others off. Throws RangeError for a state that was not declared. */
  set(enabled: S | readonly S[], options?: Pick<ValueOptions, "timestamp">): void {
    const on: readonly S[] = typeof enabled === "string" ? [enabled] : enabled;
    const positions = on.map((state) => this.#position(state));
    this.table.values.fill(0, this.offset, this.offset + this.#states.length);
    for (const position of positions) this.table.values[this.offset + position] = 1;
    applyOptions(this, options, 0, 0);
  }

  /** Turns one state on or off and leaves the others, for states that can hold together. */
  setEnabled(state: S, enabled: boolean): void {
    this.table.values[this.offset + this.#position(state)] = enabled ? 1 : 0;
  }

  #position(state: S): number {
    const position = this.#states.indexOf(state);
    if (position >= 0) return position;
    throw new RangeError(
      `metric ${this.table.metric}: unknown state ${JSON.stringify(state)}: expected one of ${this.#states.join(", ")}`,
    );
  }
}
