import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PARTS, partsOf, Shares } from "./shares.ts";

const weights = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
});

describe("partsOf", () => {
  it("gives whole parts that add up, in proportion to the weights", () => {
    expect(partsOf([1, 1, 2])).toEqual([PARTS / 4, PARTS / 4, PARTS / 2]);
    expect(partsOf([1, 1, 1])).toEqual([1366, 1365, 1365]);
    expect(partsOf([0, 0])).toEqual([0, 0]);
  });
});

describe("Shares", () => {
  it("give away every unit exactly once, and what a receiver has got only grows", () => {
    fc.assert(
      fc.property(
        weights,
        fc.array(fc.nat(1e12), { minLength: 2, maxLength: 20 }),
        (given, totals) => {
          fc.pre(given.some((weight) => weight > 0));
          const shares = new Shares(given);
          let before = given.map(() => 0);
          for (const total of totals.sort((a, b) => a - b)) {
            const now = given.map((_, i) => shares.of(total, i));
            expect(now.reduce((a, b) => a + b, 0)).toBe(total);
            for (const [i, n] of now.entries())
              expect(n).toBeGreaterThanOrEqual(before[i] as number);
            before = now;
          }
        },
      ),
      { seed: 42 },
    );
  });
});
