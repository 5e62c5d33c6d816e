import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileOfSorted } from "./quantile-over-time.ts";
import { SortedWindow } from "./sorted-window.ts";
import { Window } from "./window.ts";

function inOrder({ values, from, to }: Window): Float64Array {
  const order = (a: number, b: number): number =>
    Number(Number.isNaN(b)) - Number(Number.isNaN(a)) || a - b;
  return Float64Array.from([...values.subarray(from, to)].sort(order));
}

/** Where an array differs from the beginning of another; −1 if nowhere. Comparing by `expect` takes seconds. */
function firstDifference(values: Float64Array, expected: Float64Array): number {
  return expected.findIndex((value, i) => !Object.is(value, values[i]));
}

describe("SortedWindow", () => {
  it("holds the values of every window in order, NaN first, however it slides", () => {
    const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double(), fc.constant(Number.NaN));
    const moves = fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 30 })), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), moves, (values, slides) => {
        const window = new Window();
        window.values = Float64Array.from(values);
        const sorted = new SortedWindow();
        for (const [out, more] of slides) {
          window.to = Math.min(values.length, window.to + more);
          window.from = Math.min(window.to, window.from + out);
          const expected = Array.from(window.values.subarray(window.from, window.to)).sort(
            (a, b) => Number(Number.isNaN(b)) - Number(Number.isNaN(a)) || a - b,
          );
          const count = window.to - window.from;
          expect(Array.from(sorted.slideTo(window).subarray(0, count), plainZero)).toEqual(
            expected.map(plainZero),
          );
        }
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it("holds long windows in order that slide by much", () => {
    const numbers = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(), numbers, (seed, slides) => {
        const window = new Window();
        window.values = Float64Array.from({ length: 1000 }, (_, i) => {
          const value = ((seed + i) * 7919) % 101;
          return value === 50 ? Number.NaN : value;
        });
        const sorted = new SortedWindow();
        window.to = 200;
        for (const [out, more] of [[0, 0] as const, ...slides]) {
          window.to += more;
          window.from = Math.min(window.to, window.from + out);
          expect(firstDifference(sorted.slideTo(window), inOrder(window))).toBe(-1);
        }
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it.each([0, 2, 32_769, 100_000])(
    "prepares a window of %d in pieces, with pauses",
    async (count) => {
      const window = new Window();
      window.values = Float64Array.from({ length: count + 10 }, (_, i) => {
        const value = (i * 7919) % 10_007;
        return value % 100 === 0 ? Number.NaN : value;
      });
      window.to = count;
      let [work, pauses] = [0, 0];
      const budget = {
        spend: (spent: number) => {
          work += spent;
          return true;
        },
        pause: async () => {
          pauses++;
        },
        hold: () => undefined,
        release: () => undefined,
      };
      const sorted = new SortedWindow();
      await sorted.prepare(window, budget);
      expect(sorted.slideTo(window).slice(0, count)).toEqual(inOrder(window));
      expect(sorted.work).toBe(0);
      expect(pauses).toBeGreaterThanOrEqual(Math.floor(count / 32_768));
      expect(work).toBeGreaterThanOrEqual(count);
      // From then on it slides.
      window.to += 10;
      window.from = Math.min(5, count);
      expect(firstDifference(sorted.slideTo(window), inOrder(window))).toBe(-1);
    },
  );

  it("begins anew with another series", () => {
    const sorted = new SortedWindow();
    const window = new Window();
    window.values = Float64Array.from([3, 1, 2]);
    window.to = 3;
    sorted.slideTo(window);
    sorted.reset();
    window.values = Float64Array.from([9, 8, 7]);
    window.from = 1;
    expect([...sorted.slideTo(window).subarray(0, 2)]).toEqual([7, 8]);
  });
});

describe("quantileOfSorted", () => {
  it.each([
    [0.5, [1, 2, 3, 4], 2.5],
    [0, [1, 2, 3], 1],
    [1, [1, 2, 3], 3],
    [-0.1, [1], Number.NEGATIVE_INFINITY],
    [1.1, [1], Number.POSITIVE_INFINITY],
    [Number.NaN, [1], Number.NaN],
    [0.5, [], Number.NaN],
    [0, [Number.NaN, 1], Number.NaN],
  ])("gives the %d-quantile of %j", (quantile, values, expected) => {
    expect(quantileOfSorted(quantile, Float64Array.from(values), values.length)).toBe(expected);
  });
});

/** The order of zeros of both signs is of no account. */
function plainZero(value: number): number {
  return value + 0;
}
