import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sineOfTurns } from "../seed/sine.ts";
import { Cascade } from "./cascade.ts";
import { MeanLoad } from "./mean-load.ts";

const LINE = 3_125_000_000;
const mean = (bytesPerSecond: number) =>
  new MeanLoad({
    bytesPerSecond,
    dailySwing: 0.5,
    halfDailySwing: 0.15,
    peakAt: 0.6,
    weekdays: [1, 1.05, 1.1, 1.05, 0.95, 0.5, 0.4],
  });
const cascade = (seed = 7, load = 0.2) => new Cascade(mean(load * LINE), LINE, seed);

describe("sineOfTurns", () => {
  it("is the sine of a full circle a turn", () => {
    for (let x = -3; x < 3; x += 0.001)
      expect(Math.abs(sineOfTurns(x) - Math.sin(2 * Math.PI * x))).toBeLessThan(1e-8);
  });
});

describe("MeanLoad", () => {
  it("has its mean over every week, and its peak as the steepest rise", () => {
    const load = mean(1000);
    expect(load.bytesUntil(10 * 604_800) - load.bytesUntil(9 * 604_800)).toBeCloseTo(
      604_800_000,
      3,
    );
    let steepest = 0;
    for (let t = 0; t < 604_800; t += 60)
      steepest = Math.max(steepest, (load.bytesUntil(t + 60) - load.bytesUntil(t)) / 60);
    expect(steepest).toBeLessThanOrEqual(load.peak);
    expect(steepest).toBeGreaterThan(load.peak * 0.85);
  });
});

describe("Cascade", () => {
  it("gives the same reading whatever was read before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 2, maxLength: 30 }),
        (times) => {
          const warm = cascade();
          for (const t of times) expect(warm.bytesUntil(t)).toBe(cascade().bytesUntil(t));
        },
      ),
      { seed: 42 },
    );
  });

  it("never decreases, and never carries more than the line between two moments", () => {
    const busy = cascade(3, 0.45);
    let before = busy.bytesUntil(0);
    for (let t = 0.25; t < 20_000; t += 0.25) {
      const now = busy.bytesUntil(t);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now - before).toBeLessThanOrEqual(LINE * 0.25 + 1);
      before = now;
    }
  });

  it("is self-similar: the variance of the mean over m seconds falls as m^(2H−2), with H in 0.75 … 0.9", () => {
    const calm = cascade(11, 0.3);
    const seconds = Array.from(
      { length: 2 ** 15 },
      (_, i) => calm.bytesUntil(i + 1) - calm.bytesUntil(i),
    );
    const logs = [1, 2, 4, 8, 16, 32, 64, 128, 256].map(
      (m) => [Math.log(m), Math.log(variance(averages(seconds, m)))] as const,
    );
    const hurst = 1 + slope(logs) / 2;
    expect(hurst).toBeGreaterThan(0.75);
    expect(hurst).toBeLessThan(0.9);
  });
});

function averages(values: readonly number[], m: number): number[] {
  return Array.from(
    { length: Math.floor(values.length / m) },
    (_, i) => values.slice(i * m, (i + 1) * m).reduce((a, b) => a + b, 0) / m,
  );
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}

function slope(points: readonly (readonly [number, number])[]): number {
  const x = points.reduce((sum, p) => sum + p[0], 0) / points.length;
  const y = points.reduce((sum, p) => sum + p[1], 0) / points.length;
  return (
    points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0) /
    points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0)
  );
}
