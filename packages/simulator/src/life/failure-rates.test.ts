import { describe, expect, it } from "vitest";
import {
  FAILURE_RATES,
  type FailureRates,
  type FailureRatesName,
  failureRatesOf,
  NO_FAILURES,
  USUAL_FAILURES,
} from "./failure-rates.ts";

describe("failureRatesOf", () => {
  it("finds rates by their name, and takes those that are given", () => {
    expect([...FAILURE_RATES].map(([name]) => failureRatesOf(name))).toEqual([
      ...FAILURE_RATES.values(),
    ]);
    const own = { ...NO_FAILURES, crash: { perYear: 12, repairSeconds: 60 } };
    expect(failureRatesOf(own)).toBe(own);
  });

  it.each([
    ["usal", 'unknown failure rates "usal"; did you mean usual?'],
    ["frequently", 'unknown failure rates "frequently"; did you mean frequent?'],
    ["often", 'unknown failure rates "often"; there are none, usual, frequent'],
  ])("says which name was meant by %s", (name, message) => {
    expect(() => failureRatesOf(name as FailureRatesName)).toThrow(new RangeError(message));
  });

  it.each([
    [{ crsh: {} }, "failure rates: unknown crsh; did you mean crash?"],
    [{ crash: undefined }, "failure rates: crash is missing"],
    [{ crash: { perYear: -1, repairSeconds: 60 } }, "crash.perYear must be from 0 to 8760: got -1"],
    [
      { crash: { perYear: NaN, repairSeconds: 60 } },
      "crash.perYear must be from 0 to 8760: got NaN",
    ],
    [
      { psuLoss: { perYear: 1, repairSeconds: 0 } },
      "psuLoss.repairSeconds must be above 0 and at most 7776000: got 0",
    ],
    [{ corruptLinkShare: 1.5 }, "corruptLinkShare must be from 0 to 1: got 1.5"],
  ])("refuses %j", (more, message) => {
    const rates = { ...USUAL_FAILURES, ...more } as FailureRates;
    expect(() => failureRatesOf(rates)).toThrow(message);
  });
});
