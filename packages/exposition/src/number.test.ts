import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatGo,
  formatOpenMetrics,
  MAX_NUMBER_BYTES,
  NumberStyle,
  writeDigits,
  writeNumber,
} from "./number.ts";
import { latin1Buffer } from "./write/latin1.ts";

function written(v: number, style: NumberStyle): string {
  const buffer = latin1Buffer(MAX_NUMBER_BYTES + 1).fill(0x23);
  const end = writeNumber(buffer, 1, v, style);
  expect(buffer[0]).toBe(0x23);
  expect(end).toBeLessThanOrEqual(MAX_NUMBER_BYTES + 1);
  return Buffer.from(buffer).toString("latin1", 1, end);
}

const readBack = (text: string): number => Number(text.replace("Inf", "Infinity"));

// Doubles of every kind: any bit pattern, whole numbers, few decimals, powers of ten and their neighbours.
const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.integer(),
  fc.integer({ min: 0, max: 2_000_000 }),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 })).map(([n, k]) => n / 10 ** k),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([n, k]) => n / 10 ** k),
  fc
    .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: -323, max: 306 }))
    .map(([n, k]) => Number(`${n}e${k}`)),
);

describe("formatGo", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-1, "-1"],
    [20, "20"],
    [0.5, "0.5"],
    [100, "100"],
    [999999, "999999"],
    [999999.5, "999999.5"],
    [1e6, "1e+06"],
    [-1e6, "-1e+06"],
    [1000001, "1.000001e+06"],
    [257560576, "2.57560576e+08"],
    [1657930343.25, "1.65793034325e+09"],
    [12345678901234, "1.2345678901234e+13"],
    [0.06999999999999999, "0.06999999999999999"],
    [0.0001, "0.0001"],
    [0.00025, "0.00025"],
    [0.0000999, "9.99e-05"],
    [1e-7, "1e-07"],
    [1e-10, "1e-10"],
    [1e20, "1e+20"],
    [1e21, "1e+21"],
    [1e100, "1e+100"],
    [2 ** 53 - 1, "9.007199254740991e+15"],
    [2 ** 53, "9.007199254740992e+15"],
    [2 ** 53 + 2, "9.007199254740994e+15"],
    [5e-324, "5e-324"],
    [2.2250738585072014e-308, "2.2250738585072014e-308"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("writes %d as %s", (v, text) => {
    expect(formatGo(v)).toBe(text);
    expect(written(v, NumberStyle.GO)).toBe(text);
  });

  it("reads back to the same double", () => {
    fc.assert(
      fc.property(anyNumber, (v) => Object.is(readBack(formatGo(v)), v)),
      { seed: 42, numRuns: 5000 },
    );
  });

  it("writes exponents with at least two digits, and only below 1e-4 and from 1e6 on", () => {
    fc.assert(
      fc.property(anyNumber, (v) => {
        fc.pre(Number.isFinite(v) && v !== 0);
        const text = formatGo(v);
        const exponential = Math.abs(v) < 1e-4 || Math.abs(v) >= 1e6;
        return exponential ? /^-?\d(\.\d+)?e[+-]\d{2,3}$/.test(text) : !text.includes("e");
      }),
      { seed: 42, numRuns: 5000 },
    );
  });
});

describe("formatOpenMetrics", () => {
  it.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [20, "20.0"],
    [-3, "-3.0"],
    [0.5, "0.5"],
    [1e6, "1e+06"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("writes %d as %s", (v, text) => {
    expect(formatOpenMetrics(v)).toBe(text);
    expect(written(v, NumberStyle.OPENMETRICS)).toBe(text);
  });
});

describe("writeNumber", () => {
  it("writes the bytes of the string form", () => {
    fc.assert(
      fc.property(anyNumber, (v) => {
        expect(written(v, NumberStyle.GO)).toBe(formatGo(v));
        expect(written(v, NumberStyle.OPENMETRICS)).toBe(formatOpenMetrics(v));
      }),
      { seed: 42, numRuns: 5000 },
    );
  });

  it.each([1e-5, 1e-4, 1e-3, 0.01, 1, 1e4, 1e6, 1e8, 1e12, 1e15, 2 ** 53, 1e16, 1e21])(
    "writes the neighbours of %d exactly",
    (boundary) => {
      for (let k = -40; k <= 40; k++) {
        for (const step of [Number.EPSILON, 1e-9, 1e-6, 1e-2]) {
          const v = boundary * (1 + k * step);
          expect(written(v, NumberStyle.GO)).toBe(formatGo(v));
        }
      }
    },
  );
});

describe("writeDigits", () => {
  it("writes whole numbers in plain decimal", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        const buffer = Buffer.alloc(20);
        const end = writeDigits(buffer, 0, n);
        return buffer.toString("latin1", 0, end) === String(n);
      }),
      { seed: 42 },
    );
  });
});
