import { Labels } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pause } from "../turns/pause.ts";
import { type OrderedSeries, SeriesOrder } from "./series-order.ts";

describe("the order of series", () => {
  it("is that of their labels, in whatever portions they come, go and are put in order", async () => {
    const portions = fc.array(
      fc.record({
        names: fc.array(fc.integer({ min: 0, max: 9999 }), { maxLength: 1500, size: "max" }),
        ask: fc.boolean(),
        drop: fc.integer({ min: 2, max: 9 }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(portions, async (all) => {
        const order = new SeriesOrder<OrderedSeries>();
        let expected: OrderedSeries[] = [];
        const known = new Set<number>();
        let slot = 0;
        for (const { names, ask, drop } of all) {
          for (const name of names) {
            if (known.has(name)) continue;
            known.add(name);
            const series = { slot, labels: Labels.from({ a: String(name) }) };
            slot++;
            order.add(series);
            expected.push(series);
          }
          if (ask) order.all();
          else await order.settle(new Pause());
          expected.sort((a, b) => a.labels.compare(b.labels));
          expect(order.all()).toEqual(expected);
          await order.retain((series) => series.slot % drop !== 0, new Pause());
          expected = expected.filter((series) => series.slot % drop !== 0);
          const few = expected.filter(({ slot: one }) => one % 3 === 0);
          const slots = Uint32Array.from(few.map(({ slot: one }) => one));
          expect(order.sorted(slots)).toEqual(few);
        }
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it("does not lose those that come while it is put in order", async () => {
    const order = new SeriesOrder<OrderedSeries>();
    const make = (slot: number): OrderedSeries => ({
      slot,
      labels: Labels.from({ a: String((slot * 7919) % 5000) }),
    });
    for (let slot = 0; slot < 2000; slot++) order.add(make(slot));
    let clock = 0;
    const settling = order.settle(new Pause(() => (clock += 10)));
    for (let slot = 2000; slot < 2500; slot++) order.add(make(slot));
    await settling;
    expect(order.all()).toHaveLength(2500);
  });
});
