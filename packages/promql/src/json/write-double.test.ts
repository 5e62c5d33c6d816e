import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatValue } from "../number/go-format.ts";
import { MAX_DOUBLE_BYTES, writeDouble } from "./write-double.ts";

const bytes = new Uint8Array(MAX_DOUBLE_BYTES + 3);

function written(value: number): string {
  const end = writeDouble(bytes, 3, value);
  return String.fromCharCode(...bytes.subarray(3, end));
}

/** What reads back as the same double in the form of the API, made by the engine itself. */
function expected(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

describe("writeDouble", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-1234567890123, "-1234567890123"],
    [2 ** 53 - 1, "9007199254740991"],
    [2 ** 53, "9007199254740992"],
    [0.1, "0.1"],
    [0.25, "0.25"],
    [12.5, "12.5"],
    [-12.05, "-12.05"],
    [999_999.99, "999999.99"],
    [0.30000000000000004, "0.30000000000000004"],
    [2 / 3, "0.6666666666666666"],
    [0.06666666666666667, "0.06666666666666667"],
    [123456.78901234567, "123456.78901234567"],
    [9.999999999999998, "9.999999999999998"],
    [0.9999999999999999, "0.9999999999999999"],
    [0.000001, "0.000001"],
    [0.0000015, "0.0000015"],
    [9.99e-7, "9.99e-07"],
    [1e-7, "1e-07"],
    [2 ** -20, "9.5367431640625e-07"],
    [5e-324, "5e-324"],
    [1.5e300, "1.5e+300"],
    [123456789012345680000, "123456789012345680000"],
    [1e21, "1e+21"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("writes %d as %s", (value, text) => {
    expect(written(value)).toBe(text);
    expect(formatValue(value)).toBe(text);
  });

  it("writes any double as the engine does, but for the form of exponents", () => {
    const doubles = fc.double();
    const scaled = fc
      .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }))
      .map(([a, b]) => a / b);
    const decimals = fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 22 }))
      .map(([digits, places]) => digits / 10 ** places);
    fc.assert(
      fc.property(fc.oneof(doubles, scaled, decimals), (value) => {
        expect(written(value)).toBe(expected(value));
        expect(formatValue(value)).toBe(expected(value));
      }),
      { seed: 42, numRuns: 20_000 },
    );
  });

  it("writes the neighbours of every power of ten and of two as the engine does", () => {
    const different: number[] = [];
    for (let exponent = -30; exponent <= 25; exponent++) {
      for (const base of [10 ** exponent, 2 ** exponent, 2 ** (2 * exponent)]) {
        for (let step = -50; step <= 50; step++) {
          const value = base * (1 + step * Number.EPSILON);
          if (written(value) !== expected(value)) different.push(value);
        }
      }
    }
    expect(different).toEqual([]);
  });
});
