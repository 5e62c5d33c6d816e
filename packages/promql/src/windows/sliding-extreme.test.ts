import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlidingExtreme } from "./sliding-extreme.ts";
import { Window } from "./window.ts";

// As Prometheus looks for them: through the whole window at every step.
const COMPARISONS = {
  "greatest value": (value: number, most: number) => value > most,
  "least value": (value: number, least: number) => value < least,
  "time of the greatest": (value: number, most: number) => value >= most,
  "time of the least": (value: number, least: number) => value <= least,
};

function searched(
  { values, timestamps, from, to }: Window,
  wins: (value: number, other: number) => boolean,
  asTime: boolean,
): number {
  let at = from;
  for (let i = from; i < to; i++) {
    const best = values[at] as number;
    if (wins(values[i] as number, best) || Number.isNaN(best)) at = i;
  }
  return asTime ? (timestamps[at] as number) / 1000 : (values[at] as number);
}

describe("SlidingExtreme", () => {
  it.each(Object.entries(COMPARISONS))("finds the %s of every window", (name, wins) => {
    const asTime = name.startsWith("time");
    const kernel = new SlidingExtreme(name.includes("greatest") ? "greatest" : "least", asTime);
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(Number.NaN, -0, Infinity, -Infinity),
    );
    const moves = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), moves, (values, slides) => {
        const window = new Window();
        window.values = Float64Array.from(values);
        window.timestamps = Float64Array.from(values, (_, i) => i * 1000);
        window.length = values.length;
        kernel.begin(window);
        for (const [out, more] of slides) {
          window.to = Math.min(values.length, window.to + more);
          window.from = Math.min(window.to, window.from + out);
          const found = kernel.compute(window) ? window.result : undefined;
          expect(found).toBe(
            window.from === window.to ? undefined : searched(window, wins, asTime),
          );
        }
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
