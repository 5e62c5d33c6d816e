import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { GcDurations } from "./gc-durations.ts";

/** Runs a full collection, and waits until observers are told of it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  await setImmediate();
}

const majors = (durations: GcDurations): number =>
  durations.counts.major.value.counts?.reduce((sum, count) => sum + count, 0) ?? 0;

describe("GcDurations", () => {
  it("counts a collection and how long it took", async () => {
    const durations = new GcDurations();
    await collectGarbage();
    durations.flush();
    durations.stop();
    expect(majors(durations)).toBeGreaterThanOrEqual(1);
    expect(durations.counts.major.value.sum).toBeGreaterThan(0);
  });

  it("counts nothing after stop()", async () => {
    const durations = new GcDurations();
    durations.stop();
    const before = majors(durations);
    await collectGarbage();
    durations.flush();
    expect(majors(durations)).toBe(before);
  });
});
