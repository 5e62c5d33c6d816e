import { nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";

const engine = new Engine({ features: "all", lookbackDeltaMs: 60_000 });

/** A sample every 10 s from 0 on. */
function storageOf(values: readonly (number | undefined)[]): MemoryStorage {
  const storage = new MemoryStorage();
  for (const [i, value] of values.entries())
    if (value !== undefined)
      storage.append({ __name__: "x_total" }, { timestamp: i * 10_000, value });
  return storage;
}

async function valueAt(query: string, seconds: number, values: readonly (number | undefined)[]) {
  const { value } = await engine.instant(storageOf(values), { query, timeMs: seconds * 1000 });
  return value.type === "vector" ? value.samples[0]?.value : value;
}

describe("anchored windows", () => {
  it.each([
    ["increase(x_total[20s] anchored)", 20, [5, 10, 3], 3 - 5 + 10],
    ["increase(x_total[10s] anchored)", 10, [5, 3], 3 - 5 + 5],
    ["delta(x_total[10s] anchored)", 10, [5, 3], -2],
    ["rate(x_total[10s] anchored)", 15, [5, 7], 2 / 10],
    // The first sample of all: it grew by nothing that is known.
    ["increase(x_total[10s] anchored)", 5, [5], 0],
    ["increase(x_total[5s] anchored)", 19, [5, 7], undefined],
    // As far back as one lookback: 60 s before the window's start.
    [
      "increase(x_total[10s] anchored)",
      75,
      [1, 2, ...Array<undefined>(5).fill(undefined), 9],
      9 - 2,
    ],
    [
      "increase(x_total[10s] anchored)",
      85,
      [1, 2, ...Array<undefined>(6).fill(undefined), 9],
      9 - 9,
    ],
    ["resets(x_total[10s] anchored)", 15, [5, 3, 1], 1],
    ["changes(x_total[10s] anchored)", 15, [5, 5, 1], 0],
    ["changes(x_total[10s] anchored)", 25, [5, 5, 1], 1],
  ])("%s at %d s gives %j → %d", async (query, seconds, values, expected) => {
    expect(await valueAt(query, seconds, values)).toBe(expected);
  });
});

describe("smoothed windows", () => {
  it.each([
    ["increase(x_total[10s] smoothed)", 15, [0, 10, 30], 20 - 5],
    ["delta(x_total[10s] smoothed)", 15, [0, 10, 30], 20 - 5],
    ["rate(x_total[10s] smoothed)", 15, [0, 10, 30], 1.5],
    // Exactly on the edges nothing lies between samples.
    ["increase(x_total[10s] smoothed)", 20, [0, 10, 30, 99], 20],
    // Both edges are in the gap in which the counter began anew: from 0 at its beginning to 10 at its end.
    ["increase(x_total[4s] smoothed)", 8, [100, 10], 4],
    // The left one is: what the counter had before is not in the window.
    ["increase(x_total[10s] smoothed)", 15, [100, 10, 30], 20 - 5],
    // The right one is: 7.5 to 10, lost, and from 0 to 1.5.
    ["increase(x_total[10s] smoothed)", 15, [5, 10, 3], 1.5 - 7.5 + 10],
    ["delta(x_total[10s] smoothed)", 15, [5, 10, 3], 6.5 - 7.5],
    // Twice in a row.
    ["increase(x_total[10s] smoothed)", 15, [50, 10, 4], 2 - 5 + 10],
    // Without a sample behind, up to the last; without one before, from the first.
    ["increase(x_total[10s] smoothed)", 25, [0, 10, 30], 30 - 20],
    ["increase(x_total[20s] smoothed)", 15, [undefined, 10, 30], 20 - 10],
    ["increase(x_total[5s] smoothed)", 8, [undefined, 10, 30], undefined],
    ["increase(x_total[5s] smoothed)", 40, [0, 10, 30], undefined],
  ])("%s at %d s gives %j → %d", async (query, seconds, values, expected) => {
    expect(await valueAt(query, seconds, values)).toBe(expected);
  });
});

describe("extended windows with histograms", () => {
  it.each(["anchored", "smoothed"])("%s ones of both kinds give a warning", async (extension) => {
    const storage = storageOf([1, 2]);
    const value = nativeHistogram({ count: 1, sum: 1 });
    storage.append({ __name__: "x_total" }, { timestamp: 20_000, value });
    const ask = async (timeMs: number): Promise<unknown> => {
      const query = `increase(x_total[5s] ${extension})`;
      const result = await engine.instant(storage, { query, timeMs });
      return [
        result.value.type === "vector" ? result.value.samples.length : undefined,
        result.annotations.map(({ text }) => text),
      ];
    };
    const text =
      'PromQL warning: encountered a mix of histograms and floats for metric name "x_total"';
    expect(await ask(22_000)).toEqual([0, [text]]);
    // One that looks ahead sees the histogram earlier.
    expect(await ask(12_000)).toEqual(extension === "smoothed" ? [0, [text]] : [1, []]);
  });
});
