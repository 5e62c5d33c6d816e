import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secondsToMilliseconds, secondsToWholeMilliseconds } from "./seconds.ts";

describe("seconds in milliseconds", () => {
  it("are what they were before they were divided by 1000", () => {
    const property = fc.property(fc.integer({ min: -4e12, max: 4e12 }), (milliseconds) => {
      const seconds = milliseconds / 1000;
      expect([secondsToMilliseconds(seconds) + 0, secondsToWholeMilliseconds(seconds) + 0]).toEqual(
        [milliseconds, milliseconds],
      );
    });
    fc.assert(property, { seed: 42, numRuns: 5000 });
  });

  it.each<[number, number, number]>([
    [1.001, 1001, 1001],
    [0.0015, 1.5, 1],
    [-0.0015, -1.5, -1],
    [10.00025, 10_000.25, 10_000],
    [1e-9, 1e-6, 0],
    [1e21, 1e24, 1e24],
  ])("turn %d into %d, and whole into %d", (seconds, milliseconds, whole) => {
    expect([secondsToMilliseconds(seconds), secondsToWholeMilliseconds(seconds) + 0]).toEqual([
      milliseconds,
      whole,
    ]);
  });
});
