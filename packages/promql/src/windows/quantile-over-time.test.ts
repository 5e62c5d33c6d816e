import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileOf } from "../number/select-quantile.ts";
import { MedianAbsoluteDeviation, QuantileOverTime } from "./quantile-over-time.ts";
import { Window } from "./window.ts";

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(Infinity, -Infinity, Number.MIN_VALUE, -0),
);

function windowOf(values: readonly number[]): Window {
  const window = new Window();
  window.values = Float64Array.from(values);
  window.length = values.length;
  window.to = values.length;
  return window;
}

describe("mad_over_time", () => {
  it("is the quantile 0.5 of the distances from the quantile 0.5", () => {
    const kernel = new MedianAbsoluteDeviation();
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const window = windowOf(values);
        kernel.begin();
        kernel.compute(window);
        const median = quantileOf(0.5, Float64Array.from(values), 0, values.length);
        const distances = Float64Array.from(values, (each) => Math.abs(each - median));
        expect(window.result).toBe(quantileOf(0.5, distances, 0, values.length));
      }),
      { seed: 42, numRuns: 2000 },
    );
  });

  it("is NaN where a sample is", () => {
    const window = windowOf([1, Number.NaN, 2]);
    new MedianAbsoluteDeviation().compute(window);
    expect(window.result).toBeNaN();
  });
});

describe("quantile_over_time", () => {
  it("is the quantile of each step", () => {
    const told: number[] = [];
    const kernel = new QuantileOverTime(Float64Array.of(0, 0.5, 1, 2, 2, -1), (q) => told.push(q));
    const window = windowOf([3, 1, 2]);
    const results: number[] = [];
    for (window.step = 0; window.step < 6; window.step++) {
      kernel.compute(window);
      results.push(window.result);
    }
    expect(results).toEqual([1, 2, 3, Infinity, Infinity, -Infinity]);
    expect(told).toEqual([2, -1]);
  });
});
