import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClosedChunkMemory } from "./closed-chunks.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import { XorChunk } from "./xor-chunk.ts";

describe("closed chunks", () => {
  it("hold their samples side by side, from wherever they were copied", () => {
    const chunks = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.nat(100)), {
      maxLength: 200,
      size: "max",
    });
    fc.assert(
      fc.property(chunks, (all) => {
        const memory = new ClosedChunkMemory();
        const made = all.map(([count, before]) => {
          const chunk = new XorChunk();
          for (let i = 0; i < count; i++) chunk.append(1000 * i, Math.sqrt(i));
          const bytes = new Uint8Array(before + chunk.byteLength + 3);
          bytes.set(chunk.bytes(), before);
          return memory.copy(bytes, before, chunk.byteLength, chunk);
        });
        for (const [i, chunk] of made.entries()) {
          const into = new SampleBuffer();
          chunk.decode(into);
          const count = all[i]?.[0] as number;
          const expected = Array.from({ length: count }, (_, k) => [1000 * k, Math.sqrt(k)]);
          expect(into.pairs()).toEqual(expected);
          expect([chunk.count, chunk.minTime, chunk.maxTime]).toEqual([
            count,
            0,
            1000 * (count - 1),
          ]);
        }
      }),
      { seed: 42, numRuns: 20 },
    );
  });
});
