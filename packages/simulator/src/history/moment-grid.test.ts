import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentGrid } from "./moment-grid.ts";

const NOW = Date.UTC(2026, 1, 10, 12, 0, 7, 500);
const at = (...parts: [number, number, number?, number?, number?]): number =>
  Date.UTC(2026, ...parts);

describe("momentGrid", () => {
  it.each([
    { span: { from: "1h", step: "15s" }, fromMs: at(1, 10, 11, 0, 15), lastMs: at(1, 10, 12) },
    {
      span: { from: "2026-02-01", to: "2026-02-02T00:00:00Z", step: "1m" },
      fromMs: at(1, 1),
      lastMs: at(1, 2),
    },
    {
      span: { from: "2026-02-01 12:30", to: "1d", step: "60s" },
      fromMs: at(1, 1, 12, 30),
      lastMs: at(1, 9, 12),
    },
    {
      span: { from: "1769904000", to: "1769904060.5", step: "1s" },
      fromMs: at(1, 1),
      lastMs: at(1, 1, 0, 1),
    },
    { span: { from: "500ms", step: "250ms" }, fromMs: NOW - 500, lastMs: NOW },
  ])("takes the multiples of the step in $span", ({ span, fromMs, lastMs }) => {
    const grid = momentGrid(span, NOW);
    expect([grid.fromMs, grid.fromMs + (grid.count - 1) * grid.stepMs]).toEqual([fromMs, lastMs]);
  });

  it.each([
    [{ from: "30d", step: "0s" }, "--step 0s: a step must be above zero, such as 15s"],
    [{ from: "30d", step: "0" }, "--step 0: a step must be above zero, such as 15s"],
    [{ from: "30d", step: "-5s" }, "--step -5s: expected a duration such as 15s, 1m30s or 250ms"],
    [
      { from: "yesterday", step: "15s" },
      "--from yesterday: expected a time ago such as 30d, a time such as 2026-02-01T12:30:00Z, or seconds since 1970",
    ],
    [
      { from: "2026-02-30", step: "15s" },
      "--from 2026-02-30: expected a time ago such as 30d, a time such as 2026-02-01T12:30:00Z, or seconds since 1970",
    ],
    [
      { from: "2026-02-11", step: "15s" },
      "--from 2026-02-11: lies in the future; it is now 2026-02-10T12:00:07Z",
    ],
    [
      { from: "1h", to: "2027-01-01", step: "15s" },
      "--to 2027-01-01: lies in the future; it is now 2026-02-10T12:00:07Z",
    ],
    [
      { from: "1h", to: "2h", step: "15s" },
      "--from 1h: lies behind the end of the history, which is 2026-02-10T10:00:07Z",
    ],
    [
      { from: "5m", to: "1m", step: "1h" },
      "--step 1h: no multiple of it lies between 2026-02-10T11:55:07Z and 2026-02-10T11:59:07Z: take a shorter step or a longer time",
    ],
  ])("refuses %o", (span, message) => {
    expect(() => momentGrid(span, NOW)).toThrow(new RangeError(message));
  });

  it("gives moments that are shared by every history of the same step", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 100_000 }),
        fc.integer({ min: 1, max: 1000 }),
        (ago, step) => {
          const { fromMs, stepMs, count } = momentGrid({ from: `${ago}s`, step: `${step}s` }, NOW);
          expect(fromMs % stepMs).toBe(0);
          expect(fromMs).toBeGreaterThanOrEqual(NOW - ago * 1000);
          expect(fromMs + count * stepMs).toBeGreaterThan(NOW);
          expect(fromMs + (count - 1) * stepMs).toBeLessThanOrEqual(NOW);
        },
      ),
      { seed: 42 },
    );
  });
});
