import { describe, expect, it } from "vitest";
import { formatGoFloat, formatPositional } from "./go-format.ts";

describe("formatGoFloat", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1.5, "1.5"],
    [100000, "100000"],
    [123456.75, "123456.75"],
    [1000000, "1e+06"],
    [1234567.5, "1.2345675e+06"],
    [9223372036854775807, "9.223372036854776e+18"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-1.25e-300, "-1.25e-300"],
    [Number.NaN, "NaN"],
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
  ])("writes %d as %s", (value, text) => expect(formatGoFloat(value)).toBe(text));
});

describe("formatPositional", () => {
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
  ])("writes %d as %s", (value, text) => expect(formatPositional(value)).toBe(text));
});
