import { describe, expect, it } from "vitest";
import { goDuration, goTime } from "./go-times.ts";

describe("goDuration", () => {
  it.each([
    [0, "0s"],
    [1, "1ms"],
    [1500, "1.5s"],
    [100_001, "1m40.001s"],
    [7_199_000, "1h59m59s"],
    [7_200_000, "2h0m0s"],
  ])("writes %d ms as %s", (durationMs, text) => {
    expect(goDuration(durationMs)).toBe(text);
  });
});

describe("goTime", () => {
  it.each([
    [1_700_000_000_000, "2023-11-14 22:13:20 +0000 UTC"],
    [1_700_000_000_500, "2023-11-14 22:13:20.5 +0000 UTC"],
  ])("writes %d as %s", (timeMs, text) => {
    expect(goTime(timeMs)).toBe(text);
  });
});
