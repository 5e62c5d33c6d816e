import { expect, it } from "vitest";
import { almostEqual } from "./almost-equal.ts";

it.each([
  [1, 1, true],
  [1, 1.000001, true],
  [1, 1.00001, false],
  [-5, 5, false],
  [Number.NaN, Number.NaN, true],
  [Number.NaN, 0, false],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false],
  [Number.POSITIVE_INFINITY, Number.MAX_VALUE, false],
  [0, -0, true],
  [0, 1e-300, false],
  // Below the smallest normal number, what counts is not relative.
  [0, 2 ** -1074, true],
  [2 ** -1074, 2 ** -1030, false],
  [Number.MAX_VALUE, Number.MAX_VALUE * (1 - 1e-9), true],
])("%d and %d: %s", (a, b, equal) => {
  expect([almostEqual(a, b), almostEqual(b, a)]).toEqual([equal, equal]);
});
