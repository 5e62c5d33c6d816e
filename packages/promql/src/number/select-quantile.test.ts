import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileOf } from "./select-quantile.ts";

describe("quantileOf", () => {
  it.each([
    [0.5, [], Number.NaN],
    [Number.NaN, [1], Number.NaN],
    [-0.1, [1], -Infinity],
    [1.1, [1], Infinity],
    [0, [3, 1, 2], 1],
    [0.5, [3, 1, 2], 2],
    [1, [3, 1, 2], 3],
    [0.8, [0, 1, 4], 0 + 1 * (1 - (0.8 * 2 - 1)) + 4 * (0.8 * 2 - 1)],
    [0.2, [0, 1, Number.NaN], Number.NaN],
    [0.8, [0, Number.NaN, 1], 0 * (1 - (0.8 * 2 - 1)) + 1 * (0.8 * 2 - 1)],
    [0.5, [Number.NaN, Number.NaN], Number.NaN],
    [0, [Infinity, 1], Number.NaN],
  ])("gives the %d-quantile of %j", (quantile, values, expected) => {
    expect(quantileOf(quantile, Float64Array.from(values), 0, values.length)).toBe(expected);
  });

  it("agrees with sorting, and touches nothing outside its range", () => {
    const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double(), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, quantile) => {
          const ascending = [...values].sort((a, b) =>
            Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b,
          );
          const rank = quantile * (values.length - 1);
          const lower = Math.floor(rank);
          const upper = Math.min(values.length - 1, lower + 1);
          const weight = rank - lower;
          const expected =
            (ascending[lower] as number) * (1 - weight) + (ascending[upper] as number) * weight;
          const columns = Float64Array.of(77, ...values, 88);
          const found = quantileOf(quantile, columns, 1, values.length + 1);
          expect(found + 0).toBe(expected + 0);
          expect([columns[0], columns.at(-1)]).toEqual([77, 88]);
        },
      ),
      { seed: 42 },
    );
  });

  it.each([
    ["ascending", (i: number) => i],
    ["equal", () => 4],
    ["an organ pipe", (i: number) => Math.min(i, 2000 - i)],
  ])("finds the median of two thousand of %s", (_, value) => {
    const values = Float64Array.from({ length: 2001 }, (_, i) => value(i));
    const expected = values.slice().sort()[1000];
    expect(quantileOf(0.5, values, 0, 2001)).toBe(expected);
  });
});
