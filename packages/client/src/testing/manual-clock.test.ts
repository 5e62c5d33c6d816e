import { expect, it } from "vitest";
import { ManualClock } from "./manual-clock.ts";

it("stands still until it is told to go on", () => {
  const clock = new ManualClock(1000);
  const { now } = clock;
  const before = [now(), now()];
  clock.advance(250);
  expect([...before, now()]).toEqual([1000, 1000, 1250]);
});
