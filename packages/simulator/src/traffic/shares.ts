/** Shares are counted in parts of this many. */
export const PARTS = 4096;

/**
 * Whole parts out of {@link PARTS} in proportion to weights, by largest remainder; all 0 when no weight is
 * positive. The sum is otherwise exactly `PARTS`.
 */
export function partsOf(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0)) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / sum) * PARTS);
  const parts = exact.map(Math.floor);
  const missing = PARTS - parts.reduce((total, n) => total + n, 0);
  const byRemainder = exact
    .map((value, i) => [value - Math.floor(value), i] as const)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, i] of byRemainder.slice(0, missing)) parts[i] = (parts[i] as number) + 1;
  return parts;
}

/**
 * Divides a growing whole number among receivers so that each part only grows and nothing is lost: of every
 * {@link PARTS} units the first `parts[0]` are receiver 0's, the next `parts[1]` receiver 1's, and so on.
 *
 * Exact while a part is below 2^53. Beyond, a part is rounded to what a double holds, and still never decreases.
 */
export class Shares {
  readonly #parts: Float64Array;
  /** Where each receiver's units begin among the parts. */
  readonly #starts: Float64Array;
  /** Whether nobody gets anything. */
  readonly isEmpty: boolean;

  constructor(weights: readonly number[]) {
    this.#parts = Float64Array.from(partsOf(weights));
    let start = 0;
    this.#starts = this.#parts.map((parts) => {
      start += parts;
      return start - parts;
    });
    this.isEmpty = start === 0;
  }

  /** What the i-th receiver has got of a total. */
  of(total: number, i: number): number {
    const parts = this.#parts[i] as number;
    if (parts === 0) return 0;
    const rounds = Math.floor(total / PARTS);
    const rest = total - rounds * PARTS - (this.#starts[i] as number);
    const part = Math.max(0, Math.min(rest, parts));
    return Math.min(rounds * parts + part, (rounds + 1) * parts);
  }

  /** Adds to each sum what one of some receivers has got of a total, and what that one is ahead by. */
  addTo(
    sums: Float64Array,
    receivers: readonly number[],
    total: number,
    ahead: Float64Array,
  ): void {
    const rounds = Math.floor(total / PARTS);
    const rest = total - rounds * PARTS;
    for (let k = 0; k < receivers.length; k++) {
      const i = receivers[k] as number;
      const parts = this.#parts[i] as number;
      const begun = rest - (this.#starts[i] as number);
      const part = begun <= 0 ? 0 : begun < parts ? begun : parts;
      const given = Math.min(rounds * parts + part, (rounds + 1) * parts);
      sums[k] = (sums[k] as number) + ((ahead[i] as number) + given);
    }
  }

  /** The share of the i-th receiver, 0 … 1. */
  ratio(i: number): number {
    return (this.#parts[i] as number) / PARTS;
  }
}
