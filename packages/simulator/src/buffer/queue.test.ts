import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  burstsWaiting,
  integerPower,
  lossRatio,
  placesTaken,
  tailRatio,
  thresholdBytes,
} from "./queue.ts";

/** The distribution of M/M/1/K by its definition: P(n) in proportion to ρⁿ. */
function distribution(load: number, places: number): number[] {
  const weights = Array.from({ length: places + 1 }, (_, n) => integerPower(load, n));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

const load = fc.double({ min: 0.05, max: 3, noNaN: true });
const places = fc.integer({ min: 1, max: 80 });

describe("the closed forms of a queue", () => {
  it("are those of the distribution by its definition", () => {
    fc.assert(
      fc.property(load, places, (rho, k) => {
        const exact = distribution(rho, k);
        expect(lossRatio(rho, k)).toBeCloseTo(exact[k] as number, 8);
        const half = Math.floor(k / 2);
        const tail = exact.slice(half + 1).reduce((a, b) => a + b, 0);
        expect(tailRatio(rho, half, k)).toBeCloseTo(tail, 8);
      }),
      { seed: 42 },
    );
  });

  it("tend to what overflows when far more is offered than the line takes", () => {
    expect(lossRatio(2, 60)).toBeCloseTo(0.5, 9);
    expect(lossRatio(1, 60)).toBeCloseTo(1 / 61, 9);
    expect(lossRatio(1.2, 64)).toBeCloseTo(1 / 6, 4);
  });

  it("give a depth within the queue that grows with bad luck", () => {
    fc.assert(
      fc.property(
        load,
        places,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (rho, k, chance) => {
          const taken = placesTaken(rho, k, chance);
          expect(taken).toBeGreaterThanOrEqual(-1e-9);
          expect(taken).toBeLessThanOrEqual(k);
          expect(placesTaken(rho, k, Math.min(1, chance + 0.001))).toBeGreaterThanOrEqual(
            taken - 1e-9,
          );
        },
      ),
      { seed: 42 },
    );
  });

  it("tell that nothing waits without computing how much, and never where something does", () => {
    fc.assert(
      fc.property(load, places, fc.double({ min: 0, max: 1, noNaN: true }), (rho, k, chance) => {
        // Also close to where the shortcut ends: 1 − chance = ρ².
        for (const each of [chance, Math.max(0, 1 - rho * rho * (1 + 1e-9 * (chance - 0.5)))])
          expect(burstsWaiting(rho, k, each)).toBe(Math.floor(placesTaken(rho, k, each)));
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it("never let full queues take more than the buffer", () => {
    for (let full = 1; full <= 64; full++)
      expect(full * thresholdBytes(32e6, 1, full)).toBeLessThan(32e6);
  });
});
