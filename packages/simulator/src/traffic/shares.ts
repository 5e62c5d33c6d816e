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
 */
export class Shares {
  readonly #parts: readonly number[];
  /** Where each receiver's units begin among the parts. */
  readonly #starts: readonly number[];

  constructor(weights: readonly number[]) {
    this.#parts = partsOf(weights);
    let start = 0;
    this.#starts = this.#parts.map((parts) => {
      start += parts;
      return start - parts;
    });
  }

  /** What the i-th receiver has got of a total. */
  of(total: number, i: number): number {
    const parts = this.#parts[i] as number;
    if (parts === 0) return 0;
    const rounds = Math.floor(total / PARTS);
    const rest = total - rounds * PARTS - (this.#starts[i] as number);
    return rounds * parts + Math.max(0, Math.min(rest, parts));
  }

  /** The share of the i-th receiver, 0 … 1. */
  ratio(i: number): number {
    return (this.#parts[i] as number) / PARTS;
  }
}
