import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

const DAY = 86_400_000;

describe("parseDuration", () => {
  it.each<[string, number]>([
    ["0", 0],
    ["0s", 0],
    ["250ms", 250],
    ["15s", 15_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1d", DAY],
    ["2w", 14 * DAY],
    ["1y", 365 * DAY],
    ["1y2w3d4h5m6s7ms", 365 * DAY + 17 * DAY + 4 * 3_600_000 + 5 * 60_000 + 6007],
    ["90m", 5_400_000],
    ["292y", 292 * 365 * DAY],
  ])("reads %s", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(["", "5", "m", "5M", "1s1m", "5m5m", "-5m", "1.5h", " 5m", "5m ", "5 m", "0x1s", "1µs"])(
    "refuses %j",
    (text) => {
      expect(() => parseDuration(text)).toThrow(
        new RangeError(
          `not a valid duration string: "${text}": write units from large to small, such as 1h30m, 15s or 250ms`,
        ),
      );
    },
  );

  it("refuses what does not fit 64 bits of nanoseconds", () => {
    expect(() => parseDuration("293y")).toThrow(/^duration out of range: "293y"/);
    expect(() => parseDuration("9999999999999999999999y")).toThrow(RangeError);
  });
});

describe("formatDuration", () => {
  it.each<[number, string]>([
    [0, "0s"],
    [1, "1ms"],
    [1000, "1s"],
    [60_000, "1m"],
    [90_000, "1m30s"],
    [5_400_000, "1h30m"],
    [DAY, "1d"],
    [7 * DAY, "1w"],
    [8 * DAY, "8d"],
    [10 * DAY + 1, "10d1ms"],
    [364 * DAY, "52w"],
    [365 * DAY, "1y"],
    [730 * DAY, "2y"],
    [366 * DAY, "366d"],
    [372 * DAY, "372d"],
    [4 * DAY + 3_600_001, "4d1h1ms"],
  ])("writes %i ms as %s, like Prometheus", (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });

  it("is read back by parseDuration", () => {
    const property = fc.property(fc.oneof(fc.nat(), fc.nat(9_000_000_000_000)), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    });
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e13])("refuses %d", (milliseconds) => {
    expect(() => formatDuration(milliseconds)).toThrow(RangeError);
  });
});
