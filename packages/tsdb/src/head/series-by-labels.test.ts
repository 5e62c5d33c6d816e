import { Labels } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkMemory } from "../chunk/chunk-memory.ts";
import { MemorySeries } from "./memory-series.ts";
import { SeriesByLabels } from "./series-by-labels.ts";

const memory = new ChunkMemory();

describe("series by labels", () => {
  it("are found as long as they are there, however their hashes collide", () => {
    const action = fc.tuple(fc.constantFrom("add", "add", "delete"), fc.nat(150));
    const hashes = fc.constantFrom(1, 3, 17, 1000);
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 600, size: "max" }),
        hashes,
        (actions, distinct) => {
          const table = new SeriesByLabels();
          const model = new Map<number, MemorySeries>();
          for (const [kind, name] of actions) {
            const known = model.get(name);
            if (kind === "add" && known === undefined) {
              const series = seriesOf(name, distinct);
              table.add(series);
              model.set(name, series);
            } else if (kind === "delete" && known !== undefined) {
              table.delete(known);
              model.delete(name);
            }
          }
          for (let name = 0; name <= 150; name++)
            expect(table.find(hashOf(name, distinct), labelsOf(name))).toBe(model.get(name));
        },
      ),
      { seed: 42, numRuns: 200 },
    );
  });

  it("take less room when most of them are gone", () => {
    const table = new SeriesByLabels();
    const some = Array.from({ length: 5000 }, (_, name) => seriesOf(name, 1e9));
    for (const series of some) table.add(series);
    expect(table.capacity).toBe(16_384);
    for (const series of some) table.delete(series);
    for (const series of some) table.delete(series);
    expect(table.capacity).toBe(64);
  });
});

function seriesOf(name: number, distinctHashes: number): MemorySeries {
  const hash = hashOf(name, distinctHashes);
  return new MemorySeries(name + 1, name, labelsOf(name), hash, memory);
}

function labelsOf(name: number): Labels {
  return Labels.from({ a: String(name) });
}

/** Negative ones too, and ones at the end of the table. */
function hashOf(name: number, distinct: number): number {
  return -1 - ((name * 7919) % distinct);
}
