import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { erfc } from "./erfc.ts";
import { codewordShares, KP4, KR4 } from "./forward-error-correction.ts";
import { LightPath, lightPath } from "./light-path.ts";
import { type Optic, opticOf } from "./optic.ts";

const optic = (speed: number): Optic =>
  opticOf({ name: "x", speed, isUplink: true, formFactor: "x", lanes: 1 }) as Optic;

describe("erfc", () => {
  // Digits from tables, such as Abramowitz and Stegun 7.1 and 7.3.
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.9, 0.007209570764742527],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280347e-12],
    [10, 2.088487583762545e-45],
  ])("of %f is %f", (x, value) => {
    expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(1e-12);
  });

  it("falls all the way, also where one formula takes over from the other", () => {
    let before = 2;
    for (let x = 0; x < 26; x += 0.01) {
      expect(erfc(x)).toBeLessThan(before);
      before = erfc(x);
    }
  });
});

describe("codewordShares", () => {
  it.each([KR4, KP4])("adds up to all codewords that have an error ($name)", (code) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-16, max: 0.02, noNaN: true }), (ratio) => {
        const { corrected, uncorrectable } = codewordShares(code, ratio);
        const some = -Math.expm1(-code.symbols * 10 * ratio);
        expect(Math.abs((corrected + uncorrectable) / some - 1)).toBeLessThan(1e-9);
      }),
      { seed: 42 },
    );
  });

  it("mends next to all at the ratio the code is meant for, and next to none far above", () => {
    expect(codewordShares(KR4, 2e-5).uncorrectable).toBeLessThan(1e-12);
    expect(codewordShares(KP4, 2.4e-4).uncorrectable).toBeLessThan(1e-10);
    expect(codewordShares(KP4, 2e-5).uncorrectable).toBeLessThan(1e-24);
    expect(codewordShares(KR4, 0.01).uncorrectable).toBeGreaterThan(0.999);
    expect(codewordShares(KP4, 1).uncorrectable).toBe(1);
    expect(codewordShares(KP4, 0)).toEqual({ corrected: 0, uncorrectable: 0 });
  });
});

describe("LightPath", () => {
  it.each([
    [1e9, 1e-12],
    [10e9, 1e-12],
    [25e9, 5e-5],
    [100e9, 5e-5],
    [50e9, 2.4e-4],
    [400e9, 2.4e-4],
  ])("has the bit error ratio of the standard where margin ends (%d bit/s: %d)", (speed, ratio) => {
    const path = new LightPath(optic(speed), 1, 7);
    const measured = path.bitErrorRatio([path.optic.sensitivityDbm]);
    expect(Math.abs(measured / ratio - 1)).toBeLessThan(0.001);
  });

  it.each([1e9, 10e9, 25e9, 50e9, 100e9])("only gets worse with less light (%d bit/s)", (speed) => {
    const path = new LightPath(optic(speed), 4, 3);
    let before = path.quality(0);
    for (let loss = 0.05; loss < 25; loss += 0.05) {
      const now = path.quality(loss);
      expect(now.bitErrorRatio).toBeGreaterThan(before.bitErrorRatio);
      expect(now.frameErrorRatio).toBeGreaterThanOrEqual(before.frameErrorRatio);
      expect(Number(now.isUsable)).toBeLessThanOrEqual(Number(before.isUsable));
      expect(now.isUsable).toBe(loss < path.budgetDb);
      before = now;
    }
  });

  it("goes from corrected to uncorrectable to broken packets to no signal as light goes", () => {
    const path = new LightPath(optic(25e9), 1, 3);
    const first = (holds: (loss: number) => boolean): number => {
      for (let loss = 0; ; loss += 0.01) if (holds(loss)) return loss;
    };
    const stages = [
      first((loss) => path.quality(loss).bitErrorRatio > 100 * path.quality(0).bitErrorRatio),
      first((loss) => path.codewordsPerSecond * path.quality(loss).correctedCodewords > 100),
      first((loss) => path.codewordsPerSecond * path.quality(loss).uncorrectableCodewords > 1e-3),
      first((loss) => path.quality(loss).frameErrorRatio > 1e-6),
      first((loss) => !path.quality(loss).isUsable),
    ];
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
    expect(new Set(stages).size).toBe(5);
    expect(stages[0]).toBeGreaterThan(2);
    expect(stages[4]).toBeLessThan(12);
  });

  it.each([1e-8, 1e-6, 1e-3])("finds the loss that breaks a share of %d of packets", (ratio) => {
    for (const speed of [10e9, 25e9, 50e9]) {
      const path = new LightPath(optic(speed), 1, 5);
      const loss = path.lossForFrameErrors(ratio);
      expect(path.quality(loss).frameErrorRatio / ratio).toBeCloseTo(1, 1);
      expect(path.quality(loss).isUsable).toBe(true);
    }
  });

  it("is healthy on every link of every kind of switch: no packet is broken, and decibels are spare", () => {
    for (const name of ["leaf-spine:4x2", "campus-48x1g-4x10g", "pair", "spine-32x100g"]) {
      const fabric = fabricOf(name);
      for (const link of fabric.links) {
        for (const direction of ["to-port", "to-peer"] as const) {
          const path = lightPath(fabric, link, direction);
          if (path === undefined) continue;
          expect(path.quality(0.1).frameErrorRatio).toBe(0);
          expect(path.budgetDb).toBeGreaterThan(5);
          expect(lightPath(fabric, link, direction)).toBe(path);
        }
      }
    }
  });

  it("is none over copper", () => {
    const fabric = fabricOf("campus-48x1g-4x10g");
    const [first] = fabric.links;
    expect(first && lightPath(fabric, first, "to-port")).toBeUndefined();
  });
});
