import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSeconds, isTimestamp, writeMilliseconds, writeSeconds } from "./timestamp.ts";
import { latin1Buffer } from "./write/latin1.ts";

type WriteTimestamp = typeof writeSeconds;

function written(write: WriteTimestamp, milliseconds: number): string {
  const buffer = latin1Buffer(40);
  const end = write(buffer, 0, milliseconds);
  expect(end).toBeLessThanOrEqual(32);
  return Buffer.from(buffer).toString("latin1", 0, end);
}

describe("timestamps", () => {
  it.each([
    [0, "0.000"],
    [5, "0.005"],
    [50, "0.050"],
    [1395066363000, "1395066363.000"],
    [1395066363123, "1395066363.123"],
    [1395066363123.25, "1395066363.12325"],
    [-1500, "-1.500"],
    [-0.5, "-0.0005"],
    [1e-9, "0.000"],
    [Number.MAX_SAFE_INTEGER, "9007199254740.991"],
  ])("of %d ms are %s seconds", (milliseconds, seconds) => {
    expect(formatSeconds(milliseconds)).toBe(seconds);
    expect(written(writeSeconds, milliseconds)).toBe(seconds);
  });

  it.each([
    [0, "0"],
    [1395066363123, "1395066363123"],
    [1395066363123.9, "1395066363123"],
    [-1500, "-1500"],
  ])("of %d ms are whole milliseconds in text: %s", (milliseconds, text) => {
    expect(written(writeMilliseconds, milliseconds)).toBe(text);
  });

  it("are spelled the same by bytes and by strings", () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.double()), (milliseconds) => {
        fc.pre(isTimestamp(milliseconds));
        expect(written(writeSeconds, milliseconds)).toBe(formatSeconds(milliseconds));
        expect(formatSeconds(milliseconds)).toMatch(/^-?\d+\.\d{3,}$/);
        expect(written(writeMilliseconds, milliseconds)).toBe(
          BigInt(Math.trunc(milliseconds)).toString(),
        );
      }),
      { seed: 42, numRuns: 2000 },
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])("are not such as %d", (milliseconds) => {
    expect(isTimestamp(milliseconds)).toBe(false);
  });
});
