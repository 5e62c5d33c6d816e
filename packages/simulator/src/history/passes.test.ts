import { Labels } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WINDOW_SIZE } from "./column-store.ts";
import { Passes, type PlannedSeries, type Subject } from "./passes.ts";
import type { MomentGrid } from "./series-source.ts";

/** What a column shows at a moment: some change always, some seldom, some never, some have gaps. */
const SHAPES: readonly ((ms: number) => number)[] = [
  (ms) => ms * 3,
  (ms) => Math.floor(ms / 400_000),
  () => 7,
  (ms) => (ms % 7000 === 0 ? Number.NaN : ms / 1000),
  (ms) => (ms < 700_000 ? 1 : ms),
];

interface Counted extends Subject<number> {
  reads: number;
}

function subject(): Counted {
  const self: Counted = {
    reads: 0,
    read(ms) {
      self.reads++;
      return ms % 11_000 === 0 ? undefined : ms;
    },
  };
  return self;
}

function planned(
  family: number,
  on: Subject<number>,
  shapes: readonly number[],
): PlannedSeries<number> {
  return {
    ...{ family, subject: on, lines: shapes.length },
    labels: Labels.from({ shapes: shapes.join("-") }),
    put(reading, into, at, stride) {
      shapes.forEach((shape, line) => {
        into[at + line * stride] =
          reading === undefined ? Number.NaN : (SHAPES[shape] as (ms: number) => number)(reading);
      });
    },
  };
}

/** All series of all families, each as its labels and its numbers. */
function readAll(
  passes: Passes<number>,
  families: number,
  lines: readonly number[],
  count: number,
) {
  const all: [string, number[]][][] = [];
  let series = 0;
  for (let family = 0; family < families; family++) {
    const found: [string, number[]][] = [];
    for (let next = passes.next(family); next !== undefined; next = passes.next(family)) {
      if (next === "later") continue;
      const width = lines[series++] as number;
      const values = new Float64Array(count * width);
      for (let at = 0; at < count; at += 300) {
        const size = Math.min(300, count - at);
        next.fill(values.subarray(at * width), at, size);
      }
      found.push([next.labels.get("shapes"), [...values]]);
    }
    all.push(found);
  }
  return all;
}

describe("Passes", () => {
  const series = fc.array(
    fc.record({
      family: fc.nat({ max: 3 }),
      on: fc.nat({ max: 1 }),
      shapes: fc.array(fc.nat({ max: SHAPES.length - 1 }), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 12 },
  );

  it("gives the same numbers whatever room there is", () => {
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 1, max: 4 * WINDOW_SIZE }),
        fc.integer({ min: 1, max: 40 }),
        (wanted, count, slots) => {
          const grid: MomentGrid = { fromMs: 5000, stepMs: 1000, count };
          const sorted = wanted.toSorted((a, b) => a.family - b.family);
          const subjects = [subject(), subject()];
          const plan = sorted.map(({ family, on, shapes }) =>
            planned(family, subjects[on] as Counted, shapes),
          );
          const passes = new Passes(plan, grid, { storeBytes: slots * WINDOW_SIZE * 8 });
          const expected = [0, 1, 2, 3].map((family) =>
            plan.flatMap((one): [string, number[]][] => {
              if (one.family !== family) return [];
              const values = new Float64Array(count * one.lines);
              for (let i = 0; i < count; i++) {
                const ms = 5000 + i * 1000;
                one.put(ms % 11_000 === 0 ? undefined : ms, values, i * one.lines, 1, ms);
              }
              return [[one.labels.get("shapes"), [...values]]];
            }),
          );
          const lines = plan.map((one) => one.lines);
          expect(readAll(passes, 4, lines, count)).toEqual(expected);
          expect(passes.computed).toBe(plan.length);
        },
      ),
      { seed: 42, numRuns: 60 },
    );
  });

  it("reads a subject once at each moment where there is room, and in few passes where there is not", () => {
    const count = 10 * WINDOW_SIZE;
    const grid: MomentGrid = { fromMs: 5000, stepMs: 1000, count };
    const readsWith = (slots: number): number => {
      const on = subject();
      const plan = Array.from({ length: 12 }, (_, i) => planned(0, on, [i % 2]));
      const passes = new Passes(plan, grid, { storeBytes: slots * WINDOW_SIZE * 8 });
      readAll(
        passes,
        1,
        Array.from(plan, () => 1),
        count,
      );
      return on.reads;
    };
    expect(readsWith(120)).toBe(count);
    // Twelve series that all have gaps, of ten windows each, and room for three of them.
    expect(readsWith(30)).toBe(4 * count);
    // Not even for one: each is read while it is written, after a look whether it would fit.
    expect(readsWith(9)).toBeLessThan(14 * count);
  });

  it("lets the event loop turn, again and again", () => {
    const on = subject();
    const grid: MomentGrid = { fromMs: 5000, stepMs: 1000, count: 10 * WINDOW_SIZE };
    const passes = new Passes([planned(0, on, [0])], grid, { storeBytes: 1e6 });
    const reads = [0];
    const computed = [0];
    while (passes.next(0) === "later") {
      expect(on.reads - (reads.at(-1) as number)).toBeLessThanOrEqual(WINDOW_SIZE);
      expect(passes.computed).toBeGreaterThanOrEqual(computed.at(-1) as number);
      reads.push(on.reads);
      computed.push(passes.computed);
    }
    expect(reads.length).toBeGreaterThan(10);
    expect(new Set(computed).size).toBe(10);
    expect(passes.computed).toBe(1);
  });
});
