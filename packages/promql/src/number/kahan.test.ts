import { describe, expect, it } from "vitest";
import { KahanSum } from "./kahan.ts";

describe("KahanSum", () => {
  it.each([
    [[], 0],
    [[1, 1e100, 1, -1e100], 2],
    [[1e100, 1, -1e100, 1], 2],
    [Array<number>(10).fill(0.1), 1],
    [[1, Infinity, -1], Infinity],
    [[Infinity, 1, 2], Infinity],
    [[-Infinity, 1e300], -Infinity],
    // Beyond the largest double the sum is infinite, and what was lost until then of no account.
    [[1e-300, Number.MAX_VALUE, Number.MAX_VALUE], Infinity],
    [[Infinity, -Infinity], Number.NaN],
    [[1, Number.NaN], Number.NaN],
  ])("adds %j up to %d", (values, total) => {
    const sum = new KahanSum();
    for (const value of values) sum.add(value);
    expect(sum.total).toBe(total);
  });

  it("begins with what is given", () => {
    const sum = new KahanSum();
    sum.reset(10, 0.5);
    sum.add(1);
    expect([sum.sum, sum.lost]).toEqual([11, 0.5]);
    sum.reset();
    expect(sum.total).toBe(0);
  });
});
