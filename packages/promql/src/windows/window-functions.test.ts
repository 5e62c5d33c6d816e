import { nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";

const engine = new Engine({ features: "all" });

/** One series `x_total`, a sample every 15 s from 0 on. */
function storageOf(values: readonly number[], name = "x_total"): MemoryStorage {
  const storage = new MemoryStorage();
  for (const [i, value] of values.entries())
    storage.append({ __name__: name }, { timestamp: i * 15_000, value });
  return storage;
}

async function valueAt(query: string, storage: MemoryStorage, timeMs = 60_000): Promise<unknown> {
  const { value } = await engine.instant(storage, { query, timeMs });
  return value.type === "vector" ? value.samples[0]?.value : value;
}

describe("functions over range vectors", () => {
  const counter = [0, 10, 20, 5, 15];
  it.each([
    // 20 → 5 is a reset: 10 + 5 + 10 gained between the samples, and a quarter more up to the window's edges.
    ["increase(x_total[1m])", (15 - 10 + 20) * (60 / 45)],
    ["rate(x_total[1m])", ((15 - 10 + 20) * (60 / 45)) / 60],
    ["delta(x_total[1m])", (15 - 10) * (60 / 45)],
    ["irate(x_total[1m])", 10 / 15],
    ["idelta(x_total[1m])", 10],
    ["resets(x_total[1m])", 1],
    ["changes(x_total[1m])", 3],
    ["count_over_time(x_total[1m])", 4],
    ["sum_over_time(x_total[1m])", 50],
    ["avg_over_time(x_total[1m])", 12.5],
    ["min_over_time(x_total[1m])", 5],
    ["max_over_time(x_total[1m])", 20],
    ["stdvar_over_time(x_total[1m])", 31.25],
    ["quantile_over_time(0.5, x_total[1m])", 12.5],
    ["mad_over_time(x_total[1m])", 5],
    ["first_over_time(x_total[1m])", 10],
    ["last_over_time(x_total[1m])", 15],
    ["present_over_time(x_total[1m])", 1],
    ["ts_of_max_over_time(x_total[1m])", 30],
    ["ts_of_min_over_time(x_total[1m])", 45],
    ["ts_of_first_over_time(x_total[1m])", 15],
    ["ts_of_last_over_time(x_total[1m])", 60],
    ["increase(x_total[1m] anchored)", 15 - 0 + 20],
    ["changes(x_total[1m] anchored)", 4],
    ["absent_over_time(x_total[1m])", undefined],
    ["absent_over_time(y_total[1m])", 1],
  ])("%s gives %d", async (query, expected) => {
    expect(await valueAt(query, storageOf(counter))).toBe(expected);
  });

  it("gives nothing for a rate of one sample", async () => {
    expect(await valueAt("rate(x_total[15s])", storageOf(counter))).toBe(undefined);
  });

  it("does not extend a counter below zero", async () => {
    // The first sample, 1 at 15 s, says that the counter began 1.5 s before: not at the window's start.
    const started = [Number.NaN, 1, 11, 21, 31].slice(1);
    const storage = new MemoryStorage();
    for (const [i, value] of started.entries())
      storage.append({ __name__: "x_total" }, { timestamp: (i + 1) * 15_000, value });
    expect(await valueAt("increase(x_total[1m])", storage)).toBe(30 * ((45 + 1.5) / 45));
  });

  it("averages values whose sum is beyond the largest double", async () => {
    const large = Number.MAX_VALUE;
    const storage = storageOf([0, large, large, large, large]);
    const average = await valueAt("avg_over_time(x_total[1m])", storage);
    expect((average as number) / large).toBeCloseTo(1, 12);
  });

  it("loses no small value beside a large one", async () => {
    const storage = storageOf([0, 1e100, 1, -1e100, 1]);
    expect(await valueAt("sum_over_time(x_total[1m])", storage)).toBe(2);
  });

  it("remarks on a rate of what may be no counter, at the place of its range", async () => {
    const { annotations } = await engine.instant(storageOf([1, 2, 3, 4, 5], "speed"), {
      query: "rate(speed[1m])",
      timeMs: 60_000,
    });
    expect(annotations).toEqual([
      {
        severity: "info",
        text: 'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "speed"',
        span: { start: 5, end: 14 },
      },
    ]);
  });

  it("keeps histograms apart from floats, and says what it ignores", async () => {
    const storage = storageOf([1, 2, 3]);
    const value = nativeHistogram({ count: 1, sum: 1 });
    storage.append({ __name__: "x_total" }, { timestamp: 45_000, value });
    const ask = async (query: string) => {
      const result = await engine.instant(storage, { query, timeMs: 60_000 });
      const samples = result.value.type === "vector" ? result.value.samples : [];
      return [samples[0]?.value, result.annotations.map(({ text }) => text)];
    };
    expect(await ask("max_over_time(x_total[1m])")).toEqual([
      3,
      [
        'PromQL info: ignored histograms in a range containing both floats and histograms for metric name "x_total"',
      ],
    ]);
    expect(await ask("rate(x_total[1m])")).toEqual([
      undefined,
      ['PromQL warning: encountered a mix of histograms and floats for metric name "x_total"'],
    ]);
    expect(await ask("last_over_time(x_total[1m])")).toEqual([value, []]);
    expect(await ask("count_over_time(x_total[1m])")).toEqual([3, []]);
  });

  it("refuses factors of smoothing outside 0 … 1", async () => {
    const query = "double_exponential_smoothing(x_total[1m], 1, 0.5)";
    await expect(valueAt(query, storageOf(counter))).rejects.toThrow(
      "invalid smoothing factor. Expected: 0 < sf < 1, got: 1.000000",
    );
  });
});
