import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteBlocks } from "./byte-blocks.ts";

describe("blocks of bytes", () => {
  it("hold what was written into each, whatever is allocated, grown and given back", () => {
    const action = fc.record({
      kind: fc.constantFrom("allocate", "allocate", "grow", "release"),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 3000, size: "max" }), (actions) => {
        const blocks = new ByteBlocks();
        /** Every living block, with the mark that all its bytes of the first 64 have. */
        const living: { block: number; mark: number }[] = [];
        for (const [i, { kind, which }] of actions.entries()) {
          const at = which % Math.max(1, living.length);
          const one = living[at];
          if (kind === "allocate" || one === undefined) {
            const mark = 1 + (i % 255);
            const block = blocks.allocate();
            expect(contentOf(blocks, block).every((byte) => byte === 0)).toBe(true);
            contentOf(blocks, block).fill(mark);
            living.push({ block, mark });
          } else if (kind === "grow" && blocks.slab(one.block).blockBytes < 1088) {
            one.block = blocks.grow(one.block);
            const beyond = contentOf(blocks, one.block).subarray(64);
            expect(beyond.every((byte) => byte === 0)).toBe(true);
          } else {
            blocks.release(one.block);
            living.splice(at, 1);
          }
        }
        for (const { block, mark } of living) {
          const first = contentOf(blocks, block).subarray(0, 64);
          expect(first.every((byte) => byte === mark)).toBe(true);
        }
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it("give their memory back, but for a piece of each size", () => {
    const blocks = new ByteBlocks();
    for (let round = 0; round < 3; round++) {
      let some = Array.from({ length: 5000 }, () => blocks.allocate());
      for (let size = 0; size < 4; size++) some = some.map((block) => blocks.grow(block));
      expect(blocks.byteLength).toBeGreaterThan(5000 * 1088);
      for (const block of some) blocks.release(block);
      expect(blocks.byteLength).toBeLessThanOrEqual(5 * 2 * 32 * 1024);
    }
  });

  it("are not used after they were given back together with their memory", () => {
    const blocks = new ByteBlocks();
    const many = Array.from({ length: 2000 }, () => blocks.allocate());
    for (const block of many) blocks.release(block);
    expect(() => many.map((block) => blocks.slab(block))).toThrow("used after it was given back");
  });
});

function contentOf(blocks: ByteBlocks, block: number): Uint8Array {
  const slab = blocks.slab(block);
  const start = slab.startOf(block);
  return slab.bytes.subarray(start, start + slab.blockBytes);
}
