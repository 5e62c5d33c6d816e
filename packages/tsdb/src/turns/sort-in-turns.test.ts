import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pause } from "./pause.ts";
import { sortInTurns } from "./sort-in-turns.ts";

const byKey = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0];

describe("sorting in turns", () => {
  it("orders as sorting in one go does, equal ones as they came", async () => {
    const keys = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3000, size: "max" });
    await fc.assert(
      fc.asyncProperty(keys, async (list) => {
        const items = list.map((key, i): readonly [number, number] => [key, i]);
        const sorted = await sortInTurns(items, byKey, new Pause());
        expect(sorted).toEqual([...items].sort(byKey));
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it("lets the event loop turn as often as it is asked to", async () => {
    let clock = 0;
    // Each look at the clock finds that ten milliseconds have gone by.
    const pause = new Pause(() => (clock += 10));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await sortInTurns(
      Array.from({ length: 2000 }, (_, i) => (i * 7919) % 2000),
      (a, b) => a - b,
      pause,
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});
