import { describe, expect, it } from "vitest";
import { DELAY_BOUNDS, EventLoopDelay } from "./event-loop-delay.ts";

/** A loop whose timers run when the test says so. */
function fakeLoop() {
  let now = 0;
  let armed: { run: () => void; at: number } | undefined;
  return {
    clock: {
      now: () => now,
      setTimeout: (run: () => void, ms: number) => {
        armed = { run, at: now + ms };
        return {};
      },
      clearTimeout: () => {
        armed = undefined;
      },
    },
    isArmed: () => armed !== undefined,
    /** Runs the timer this late. */
    runLate(ms: number) {
      if (armed === undefined) throw new Error("no timer is armed");
      const { run, at } = armed;
      now = at + ms;
      run();
    },
  };
}

function countsOf(delay: EventLoopDelay): Record<string, number> {
  const { counts = [] } = delay.counts.value;
  const bounds = [...DELAY_BOUNDS.map(String), "+Inf"];
  return Object.fromEntries(
    counts.map((count, i) => [bounds[i] as string, count]).filter(([, count]) => count !== 0),
  );
}

describe("EventLoopDelay", () => {
  it("counts how late each timer was", () => {
    const loop = fakeLoop();
    const delay = new EventLoopDelay(100, loop.clock);
    loop.runLate(0.5);
    loop.runLate(20);
    expect(countsOf(delay)).toEqual({ "0.001": 1, "0.025": 1 });
    expect(delay.counts.value.sum).toBeCloseTo(0.0205, 10);
  });

  it("takes a timer that ran too early for one in time", () => {
    const loop = fakeLoop();
    const delay = new EventLoopDelay(100, loop.clock);
    loop.runLate(-0.7);
    expect(delay.counts.value.sum).toBe(0);
  });

  it("counts the timers that were due during a stall", () => {
    const loop = fakeLoop();
    const delay = new EventLoopDelay(100, loop.clock);
    loop.runLate(450);
    expect(countsOf(delay)).toEqual({ "0.05": 1, "0.25": 2, "0.5": 2 });
    expect(delay.counts.value.sum).toBeCloseTo(0.45 + 0.35 + 0.25 + 0.15 + 0.05, 10);
  });

  it("counts no more than a thousand after the machine slept", () => {
    const loop = fakeLoop();
    const delay = new EventLoopDelay(100, loop.clock);
    loop.runLate(8 * 3600 * 1000);
    expect(countsOf(delay)).toEqual({ "+Inf": 1000 });
  });

  it("ends with stop()", () => {
    const loop = fakeLoop();
    new EventLoopDelay(100, loop.clock).stop();
    expect(loop.isArmed()).toBe(false);
  });
});
