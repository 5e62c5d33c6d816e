import fc from "fast-check";
import { expect, it } from "vitest";
import { Tombstones } from "../block/tombstones.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import { dropIntervals, keepInterval } from "./trim.ts";

const TIMES = fc.uniqueArray(fc.nat(100)).map((times) => times.sort((a, b) => a - b));
const INTERVAL = fc
  .tuple(fc.integer({ min: -10, max: 110 }), fc.nat(40))
  .map(([minTime, width]) => ({ minTime, maxTime: minTime + width }));

it("leaves what lies within an interval, and what was there before", () => {
  fc.assert(
    fc.property(TIMES, TIMES, INTERVAL, (before, times, interval) => {
      const into = columns(before, times);
      keepInterval(into, before.length, interval);
      const kept = times.filter((t) => t >= interval.minTime && t <= interval.maxTime);
      expect(into.pairs()).toEqual([...before, ...kept].map((t) => [t, -t]));
    }),
    { seed: 42 },
  );
});

it("takes what is deleted, however the deletions overlap, and leaves what was there before", () => {
  fc.assert(
    fc.property(TIMES, TIMES, fc.array(INTERVAL, { maxLength: 6 }), (before, times, deleted) => {
      const into = columns(before, times);
      const tombstones = new Tombstones();
      for (const interval of deleted) tombstones.add(1, interval);
      dropIntervals(into, before.length, tombstones.of(1));
      const kept = times.filter(
        (t) => !deleted.some(({ minTime, maxTime }) => t >= minTime && t <= maxTime),
      );
      expect(into.pairs()).toEqual([...before, ...kept].map((t) => [t, -t]));
    }),
    { seed: 42 },
  );
});

function columns(...runs: readonly (readonly number[])[]): SampleBuffer {
  const into = new SampleBuffer();
  const times = runs.flat();
  into.reserve(times.length);
  into.timestamps.set(times);
  into.values.set(times.map((time) => -time));
  into.length = times.length;
  return into;
}
