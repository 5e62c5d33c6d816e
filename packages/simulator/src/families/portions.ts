/** Portions are counted in parts of this many. */
const PARTS = 256;

/**
 * Divides a growing whole number among receivers: each portion only grows, and together they are the whole.
 *
 * Of every 256 units each receiver gets a fixed number, spread as evenly as possible: the n-th unit goes to
 * the receiver that has got least of what is due to it.
 */
export class Portions {
  readonly #parts: readonly number[];
  /** By receiver: how many of the first n units of a round it gets. */
  readonly #within: readonly Uint16Array[];

  /** Throws RangeError unless there is a weight above 0, and none below. */
  constructor(weights: readonly number[]) {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (!(sum > 0) || weights.some((weight) => weight < 0))
      throw new RangeError(`weights must be 0 or more, and one above 0: got ${weights}`);
    const within = weights.map(() => new Uint16Array(PARTS + 1));
    const given = weights.map(() => 0);
    for (let n = 1; n <= PARTS; n++) {
      const due = weights.map((weight, i) => (weight / sum) * n - (given[i] as number));
      const next = due.indexOf(Math.max(...due));
      given[next] = (given[next] as number) + 1;
      for (const [i, table] of within.entries()) table[n] = given[i] as number;
    }
    this.#parts = given;
    this.#within = within;
  }

  /** What the i-th receiver has got of a total. */
  of(total: number, i: number): number {
    const rounds = Math.floor(total / PARTS);
    const rest = total - rounds * PARTS;
    return rounds * (this.#parts[i] as number) + (this.#within[i]?.[rest] as number);
  }

  /** What each receiver has got of a total. */
  all(total: number): number[] {
    return this.#parts.map((_, i) => this.of(total, i));
  }
}
