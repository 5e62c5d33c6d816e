import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect } from "../incident/effect.ts";
import {
  LARGE_FRAME_BYTES,
  largeFrames,
  largeFramesWithin,
  SMALL_FRAME_BYTES,
} from "../port/large-frames.ts";
import { happening } from "../properties/rehearsal.ts";
import { simulate } from "../simulate.ts";
import { countFrames, FRAME_SIZES, LARGE, SMALL, USUAL_SIZES } from "./frame-sizes.ts";

/** Of each bucket, the smallest frame that falls into it. */
const LEAST = [1, ...FRAME_SIZES.map((size) => size + 1)];

const some = fc.record({
  packets: fc.integer({ min: 1000, max: 2 ** 40 }),
  mean: fc.double({ min: 200, max: 1300, noNaN: true }),
});

describe("frame sizes", () => {
  it("count every frame once, in sizes that can make up the bytes", () => {
    fc.assert(
      fc.property(some, ({ packets, mean }) => {
        const bytes = Math.floor(packets * mean);
        const large = largeFrames({ bytes, packets });
        const counts = countFrames(packets - large, large);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(packets);
        const sumOf = (sizes: readonly number[]): number =>
          counts.reduce((sum, count, i) => sum + count * (sizes[i] ?? 0), 0);
        expect(sumOf(LEAST)).toBeLessThanOrEqual(bytes);
        expect(sumOf(FRAME_SIZES)).toBeGreaterThanOrEqual(bytes);
      }),
      { seed: 42 },
    );
  });

  it("have the means of both kinds that the equation has", () => {
    const mean = (kind: readonly number[]): number =>
      kind.reduce((sum, count, i) => sum + count * (USUAL_SIZES[i] as number), 0) / 256;
    expect([mean(SMALL), mean(LARGE)]).toEqual([SMALL_FRAME_BYTES, LARGE_FRAME_BYTES]);
  });

  it("never take back a frame of either kind within a slot, and end with what its end says", () => {
    const more = fc.record({
      frames: fc.integer({ min: 1, max: 400 }),
      mean: fc.double({ min: 150, max: 1390, noNaN: true }),
    });
    fc.assert(
      fc.property(some, more, ({ packets, mean }, { frames, mean: next }) => {
        const start = { packets, bytes: Math.floor(packets * mean) };
        const end = { packets: packets + frames, bytes: start.bytes + Math.round(frames * next) };
        let before = countFrames(packets - largeFrames(start), largeFrames(start));
        for (let n = packets; n <= packets + frames; n++) {
          const large = largeFramesWithin(start, end, n);
          const counts = countFrames(n - large, large);
          expect(counts.every((count, i) => count >= (before[i] as number))).toBe(true);
          before = counts;
        }
      }),
      { seed: 42 },
    );
  });

  it("are nothing of nothing", () => {
    expect(countFrames(0, largeFrames({ bytes: 0, packets: 0 }))).toEqual(
      FRAME_SIZES.map(() => 0).concat(0),
    );
  });
});

/** Shares of the line rate at which all stations send: nothing changed, hardly anything, nearly all there is. */
const LOADS = [undefined, 0.0005, 0.6];

describe.each(["leaf-48x25g-8x100g", "campus-48x1g-4x10g"])("frame sizes of %s", (name) => {
  it.each(LOADS)("never fall from one millisecond to the next at a load of %s", (ratio) => {
    const fabric = fabricOf(name, { seed: 3 });
    const effects = fabric.links.map(
      ({ id: link }): Effect => ({ kind: "load", link, ratio: ratio ?? 0, from: 0, to: Infinity }),
    );
    const simulation = simulate(fabric, happening(ratio === undefined ? [] : effects));
    const { index } = fabric.switches[0] as Switch;
    const from = 36_000 - 0.02;
    const before = new Map<string, number[]>();
    for (let step = 0; step < 60; step++) {
      // Over the turn of two slots, and then from slot to slot.
      const at = step < 40 ? from + step / 1000 : 36_000 + 16 * (step - 40) + 3.3;
      for (const [i, port] of (simulation.switches[index]?.read(at) ?? []).entries()) {
        for (const way of ["received", "transmitted"] as const) {
          const large = port.largeFrames(way);
          const counts = countFrames(port[way].packets - large, large);
          const last = before.get(`${i} ${way}`) ?? counts;
          expect(counts.every((count, k) => count >= (last[k] as number))).toBe(true);
          before.set(`${i} ${way}`, counts);
        }
      }
    }
  });
});
