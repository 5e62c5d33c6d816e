import { Labels } from "@linklight/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Budget } from "../eval/budget.ts";
import { sortByLabels } from "./sort-in-turns.ts";

it("sorts as a stable sort does, however many there are, and pauses", async () => {
  let pauses = 0;
  const budget: Budget = {
    spend: () => true,
    pause: async () => {
      pauses++;
    },
    hold: () => {},
    release: () => {},
  };
  const numbers = fc.integer({ min: 0, max: 3000 });
  const sizes = fc.constantFrom(0, 1, 2, 1023, 1024, 1025, 2048, 2500, 5000);
  await fc.assert(
    fc.asyncProperty(sizes, fc.infiniteStream(numbers), async (size, stream) => {
      const items = [...stream.take(size)].map((port, i) => ({
        labels: Labels.from({ port: String(port) }),
        i,
      }));
      const expected = [...items].sort((a, b) => a.labels.compare(b.labels));
      expect(await sortByLabels(items, budget)).toEqual(expected);
    }),
    { seed: 42, numRuns: 20 },
  );
  expect(pauses).toBeGreaterThan(100);
});
