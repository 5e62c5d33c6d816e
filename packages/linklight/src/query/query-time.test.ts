import { describe, expect, it } from "vitest";
import { parseStep, parseTime } from "./query-time.ts";

describe("parseTime", () => {
  it.each([
    ["0", 0],
    ["1700000600.123", 1_700_000_600.123],
    ["-1.5", -1.5],
    ["1e9", 1e9],
    ["2023-11-14T22:23:20.5+00:00", 1_700_000_600.5],
    ["2023-11-14T23:23:20+01:00", 1_700_000_600],
    ["2023-11-14T22:23:20Z", 1_700_000_600],
  ])("reads %s", (text, seconds) => {
    expect(parseTime(text, "time")).toBe(seconds);
  });

  it.each(["", "abc", "2023-11-14", "2023-11-14 22:23:20Z", "2023-13-14T22:23:20Z", "Infinity"])(
    "refuses %j",
    (text) => {
      expect(() => parseTime(text, "error parsing end time")).toThrow(
        `error parsing end time: cannot parse ${JSON.stringify(text)} to a valid timestamp`,
      );
    },
  );
});

describe("parseStep", () => {
  it.each([
    ["15s", 15],
    ["1m30s", 90],
    ["1.5h", 5400],
    ["250ms", 0.25],
    [".5s", 0.5],
    ["1d", 86_400],
    ["15", 15],
  ])("reads %s", (text, seconds) => {
    expect(parseStep(text)).toBe(seconds);
  });

  it.each(["", "0s", "-5s", "5x", "s", "1m 5s", "1mm"])("refuses %j", (text) => {
    expect(() => parseStep(text)).toThrow("expected a duration such as 15s or 1m30s");
  });
});
