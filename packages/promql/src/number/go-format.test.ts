import { describe, expect, it } from "vitest";
import {
  formatFixed,
  formatGoFloat,
  formatSixDecimals,
  formatTwoDigits,
  formatValue,
} from "./go-format.ts";

describe("formatGoFloat", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1.5, "1.5"],
    [100000, "100000"],
    [123456.75, "123456.75"],
    [1000000, "1e+06"],
    [1234567.5, "1.2345675e+06"],
    [2 ** 63, "9.223372036854776e+18"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-1.25e-300, "-1.25e-300"],
    [Number.NaN, "NaN"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
  ])("writes %d as %s", (value, text) => expect(formatGoFloat(value)).toBe(text));
});

describe("formatFixed", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [6, "6"],
    [0.1, "0.1"],
    [-2.5, "-2.5"],
    [1e21, "1000000000000000000000"],
    [1.5e-7, "0.00000015"],
    [5e-324, `0.${"0".repeat(323)}5`],
    [123456.789, "123456.789"],
    [Number.NaN, "NaN"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
  ])("writes %d as %s", (value, text) => expect(formatFixed(value)).toBe(text));
});

describe("formatValue", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1e-6, "0.000001"],
    [9.5e-7, "9.5e-07"],
    [123456789, "123456789"],
    [999999999999999900000, "999999999999999900000"],
    [1e21, "1e+21"],
    [-1.5e300, "-1.5e+300"],
    [Number.NaN, "NaN"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
  ])("writes %d as %s", (value, text) => expect(formatValue(value)).toBe(text));
});

describe("formatTwoDigits", () => {
  it.each<[number, string]>([
    [0, "0"],
    [3, "3"],
    [10, "10"],
    [12.4, "12"],
    [99.6, "1e+02"],
    [960, "9.6e+02"],
    [0.000123, "0.00012"],
    [0.0000123, "1.2e-05"],
    [Infinity, "+Inf"],
  ])("writes %d as %s", (value, expected) => {
    expect(formatTwoDigits(value)).toBe(expected);
  });
});

describe("formatSixDecimals", () => {
  it.each([
    [1, "1.000000"],
    [-0.1234567, "-0.123457"],
    [1e-9, "0.000000"],
    [123456789, "123456789.000000"],
    [1e30, "1000000000000000019884624838656.000000"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
    [Number.NaN, "NaN"],
  ])("writes %d as %s", (value, text) => expect(formatSixDecimals(value)).toBe(text));
});
