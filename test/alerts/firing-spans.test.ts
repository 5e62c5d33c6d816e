import { describe, expect, it } from "vitest";
import { firingSpans } from "./firing-spans.ts";

const week = { start: 0, end: 600 };

describe("firing spans of an expression", () => {
  it.each([
    ["nothing for no result", [], { hold: 0, keep: 0 }, []],
    [
      "at once without `for`, and over at the first without a result",
      [60, 120],
      { hold: 0, keep: 0 },
      [[60, 180]],
    ],
    ["not before `for` has passed", [60, 120, 180], { hold: 120, keep: 0 }, [[180, 240]]],
    ["not at all for less than `for`", [60, 120], { hold: 120, keep: 0 }, []],
    [
      "from anew after a gap while pending",
      [60, 180, 240, 300],
      { hold: 120, keep: 0 },
      [[300, 360]],
    ],
    ["on, for `keep_firing_for` after the last", [60], { hold: 0, keep: 120 }, [[60, 240]]],
    [
      "as one, over a gap shorter than `keep_firing_for`",
      [60, 180],
      { hold: 0, keep: 120 },
      [[60, 360]],
    ],
    [
      "as two, over a longer one, each after `for`",
      [60, 120, 360, 420],
      { hold: 60, keep: 120 },
      [
        [120, 300],
        [420, 600],
      ],
    ],
    [
      "a `for` between two evaluations at the later one",
      [60, 120, 180],
      { hold: 90, keep: 0 },
      [[180, 240]],
    ],
    ["until the end where it still fires", [540, 600], { hold: 0, keep: 0 }, [[540, 600]]],
  ] as const)("gives %s", (_what, results, patience, spans) => {
    expect(firingSpans(results, { interval: 60, ...patience }, week)).toEqual(
      spans.map(([from, to]) => ({ from, to })),
    );
  });
});
