import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponent, fraction, scaleByPowerOfTwo } from "./go-frexp.ts";
import { goLog, goLog2, goLog10 } from "./go-log.ts";
import { goPow } from "./go-pow.ts";

const RUNS = { seed: 42, numRuns: 2000 };

describe("fraction and exponent", () => {
  it("make up the float again, exactly", () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        const f = fraction(x);
        expect(Object.is(scaleByPowerOfTwo(f, exponent(x)), x)).toBe(true);
        if (x !== 0 && Number.isFinite(x)) {
          expect(Math.abs(f)).toBeGreaterThanOrEqual(0.5);
          expect(Math.abs(f)).toBeLessThan(1);
        }
      }),
      RUNS,
    );
  });

  it.each([
    [1, 1024, Infinity],
    [-1, 5000, -Infinity],
    [1, -1074, 5e-324],
    [1, -1075, 0],
    [0.75, -1074, 5e-324],
    [-1, -5000, -0],
    [3, -1, 1.5],
    [-0, 7, -0],
    [Infinity, -7, Infinity],
    [0.5, 1024, 2 ** 1023],
  ])("scales %d by 2^%d", (x, e, expected) => {
    expect(scaleByPowerOfTwo(x, e)).toBe(expected);
  });
});

describe("goPow", () => {
  it.each([
    [Number.NaN, 0, 1],
    [1, Number.NaN, 1],
    [-1, Infinity, 1],
    [-1, -Infinity, 1],
    [2, Number.NaN, Number.NaN],
    [Number.NaN, 1, Number.NaN],
    [0, -3, Infinity],
    [-0, -3, -Infinity],
    [-0, -2, Infinity],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [0, -Infinity, Infinity],
    [0, Infinity, 0],
    [2, Infinity, Infinity],
    [2, -Infinity, 0],
    [0.5, Infinity, 0],
    [0.5, -Infinity, Infinity],
    [Infinity, -1, 0],
    [Infinity, 0.1, Infinity],
    [-Infinity, 3, -Infinity],
    [-Infinity, 2, Infinity],
    [-Infinity, -3, -0],
    [-8, 1 / 3, Number.NaN],
    [4, 0.5, 2],
    [4, -0.5, 0.5],
    [2, 10, 1024],
    [2, -1074, 5e-324],
    [10, 400, Infinity],
    [-10, 401, -Infinity],
    [0.1, 400, 0],
    [3, 1e300, Infinity],
    [-1, 1e300, 1],
    [0.3, 1e300, 0],
  ])("%d ^ %d", (x, y, expected) => {
    expect(goPow(x, y)).toBe(expected);
  });

  it("agrees with exact integer powers", () => {
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 10 }), (x, y) => {
        expect(goPow(x, y)).toBe(Number(BigInt(x) ** BigInt(y)));
      }),
      RUNS,
    );
  });
});

describe("logarithms", () => {
  it.each([goLog, goLog2, goLog10])("of what has none (%#)", (log) => {
    expect([0, -0, -1, Number.NaN, Infinity, 1].map(log)).toEqual([
      -Infinity,
      -Infinity,
      Number.NaN,
      Number.NaN,
      Infinity,
      0,
    ]);
  });

  it("are exact for powers of two", () => {
    for (let e = -1074; e < 1024; e++) expect(goLog2(scaleByPowerOfTwo(1, e))).toBe(e);
  });
});
