import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Portions } from "./portions.ts";

const weights = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some((weight) => weight > 0));
const total = fc.integer({ min: 0, max: 2 ** 52 });

describe("Portions", () => {
  it("gives everything away, and never takes back", () => {
    fc.assert(
      fc.property(weights, total, fc.integer({ min: 0, max: 1000 }), (list, before, more) => {
        const portions = new Portions(list);
        const [a, b] = [portions.all(before), portions.all(before + more)];
        expect(a.reduce((sum, part) => sum + part, 0)).toBe(before);
        expect(b.every((part, i) => part >= (a[i] as number))).toBe(true);
      }),
      { seed: 42 },
    );
  });

  it("spreads the units of each receiver evenly", () => {
    const portions = new Portions([3, 1]);
    expect([1, 2, 3, 4, 8, 16].map((n) => portions.of(n, 1))).toEqual([0, 0, 1, 1, 2, 4]);
  });

  it("gives nothing to a receiver without weight", () => {
    expect(new Portions([0, 1]).all(1e9 + 7)).toEqual([0, 1e9 + 7]);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[Number.NaN]]])("refuses the weights %j", (list) => {
    expect(() => new Portions(list)).toThrow(RangeError);
  });
});
