import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countFrames, FRAME_SIZES } from "./frame-sizes.ts";

/** Of each bucket, the smallest frame that falls into it. */
const LEAST = [1, ...FRAME_SIZES.map((size) => size + 1)];

const some = fc.record({
  frames: fc.integer({ min: 1000, max: 2 ** 40 }),
  mean: fc.double({ min: 200, max: 1300, noNaN: true }),
});

describe("countFrames", () => {
  it("counts every frame once, in sizes that can make up the bytes", () => {
    fc.assert(
      fc.property(some, ({ frames, mean }) => {
        const bytes = Math.floor(frames * mean);
        const counts = countFrames(frames, bytes);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(frames);
        const sumOf = (sizes: readonly number[]): number =>
          counts.reduce((sum, count, i) => sum + count * (sizes[i] ?? 0), 0);
        expect(sumOf(LEAST)).toBeLessThanOrEqual(bytes);
        expect(sumOf(FRAME_SIZES)).toBeGreaterThanOrEqual(bytes);
      }),
      { seed: 42 },
    );
  });

  it("never takes a frame out of a bucket while more come, of a usual mean size", () => {
    const more = fc.record({
      frames: fc.integer({ min: 1, max: 1e9 }),
      mean: fc.double({ min: 200, max: 1300, noNaN: true }),
    });
    fc.assert(
      fc.property(some, more, (before, added) => {
        const bytes = Math.floor(before.frames * before.mean);
        const [a, b] = [
          countFrames(before.frames, bytes),
          countFrames(before.frames + added.frames, bytes + Math.ceil(added.frames * added.mean)),
        ];
        expect(b.every((count, i) => count >= (a[i] as number))).toBe(true);
      }),
      { seed: 42 },
    );
  });

  it("gives nothing of nothing", () => {
    expect(countFrames(0, 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
