import { describe, expect, it } from "vitest";
import { simulationClock } from "./simulation-clock.ts";

describe("simulationClock", () => {
  it("agrees with real time at its epoch, and goes faster from there on", () => {
    let now = 1000_000;
    const at = (speed: number): number =>
      simulationClock({ epoch: 1000, speed, now: () => now }).seconds();
    expect([at(1), at(60)]).toEqual([0, 0]);
    now += 1500;
    expect([at(1), at(60), at(0.5)]).toEqual([1.5, 90, 0.75]);
  });

  it("goes on where it was when it is made again", () => {
    const made = (now: number) => simulationClock({ epoch: 0, speed: 10, now: () => now });
    expect(made(5000).seconds() - made(4000).seconds()).toBe(10);
  });

  it("waits at the beginning before its epoch", () => {
    expect(simulationClock({ epoch: 10, now: () => 0 }).seconds()).toBe(0);
  });

  it.each([0, -1, 60.1, Number.NaN])("refuses the speed %d", (speed) => {
    expect(() => simulationClock({ epoch: 0, speed })).toThrow(
      `the speed of time must be above 0 and at most 60, got ${speed}`,
    );
  });
});
