import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";

const engine = new Engine({ features: "all" });

type Stamped = readonly [value: number, secondsBefore?: number];

/** A sample every 10 s from 10 s on; the second number says how long before the sample its counter began. */
async function ask(query: string, seconds: number, samples: readonly Stamped[], on = engine) {
  const storage = new MemoryStorage();
  for (const [i, [value, before]] of samples.entries()) {
    const timestamp = (i + 1) * 10_000;
    const startTimestamp = before === undefined ? 0 : timestamp - before * 1000;
    storage.append({ __name__: "x_total" }, { timestamp, value, startTimestamp });
  }
  const result = await on.instant(storage, { query, timeMs: seconds * 1000 });
  const value = result.value.type === "vector" ? result.value.samples[0]?.value : undefined;
  return { value, remarks: result.annotations.map(({ text }) => text) };
}

describe("counters that say when they began", () => {
  it.each<[string, string, Stamped[], number | undefined]>([
    [
      "a start inside the window is zero",
      "increase",
      [
        [3, 5],
        [5, 15],
      ],
      2 + 3,
    ],
    ["one sample is enough then", "increase", [[3, 5]], 3],
    ["and for a rate", "rate", [[3, 5]], 3 * (1 / 20)],
    [
      "a start before the window says nothing",
      "increase",
      [
        [3, 30],
        [5, 40],
      ],
      2 * ((10 + 10) / 10),
    ],
    ["nor does one after its sample", "increase", [[3, -1]], undefined],
    ["nor to a delta", "delta", [[3, 5]], undefined],
    [
      "a later start is a reset, though nothing fell",
      "increase",
      [
        [3, 5],
        [5, 1],
      ],
      2 + 3 + 3,
    ],
    [
      "also right at the sample before",
      "increase",
      [
        [3, 5],
        [5, 10],
      ],
      2 + 3 + 3,
    ],
    ["but not where that one's start is unknown", "increase", [[3], [5, 10]], 2 * ((10 + 10) / 10)],
    [
      "nor where it is its own time",
      "increase",
      [
        [3, 0],
        [5, 10],
      ],
      2 * ((10 + 10) / 10),
    ],
    [
      "nor where it is later",
      "increase",
      [
        [3, -5],
        [5, 10],
      ],
      2 * ((10 + 10) / 10),
    ],
    [
      "a reset of the last two",
      "irate",
      [
        [3, 5],
        [5, 1],
      ],
      5 / 10,
    ],
    [
      "which is none to a difference",
      "idelta",
      [
        [3, 5],
        [5, 1],
      ],
      2,
    ],
    [
      "and counts as one",
      "resets",
      [
        [3, 5],
        [5, 1],
      ],
      1,
    ],
  ])("%s", async (_, name, samples, expected) => {
    const seconds = samples.length * 10;
    const { value } = await ask(`${name}(x_total[20s])`, seconds, samples);
    expect(value).toBe(expected);
  });

  it("are as others where the feature is off", async () => {
    const off = new Engine();
    const { value } = await ask(
      "increase(x_total[20s])",
      20,
      [
        [3, 5],
        [5, 1],
      ],
      off,
    );
    expect(value).toBe(2 * ((10 + 10) / 10));
  });

  it("give a warning where they overlap", async () => {
    const warning = 'PromQL warning: overlapping start timestamps for metric name "x_total"';
    const overlapping: Stamped[] = [
      [3, 20],
      [5, 20],
      [7, 20],
    ];
    expect((await ask("rate(x_total[30s])", 30, overlapping)).remarks).toEqual([warning]);
    expect((await ask("delta(x_total[30s])", 30, overlapping)).remarks).toEqual([]);
    const cumulative: Stamped[] = [
      [3, 5],
      [5, 15],
      [7, 25],
    ];
    expect((await ask("rate(x_total[30s])", 30, cumulative)).remarks).toEqual([]);
    const deltas: Stamped[] = [
      [3, 10],
      [5, 10],
      [7, 10],
    ];
    expect((await ask("rate(x_total[30s])", 30, deltas)).remarks).toEqual([]);
  });
});

describe("resets", () => {
  it("are found in every window, whichever step it belongs to", async () => {
    const storage = new MemoryStorage();
    const values = [5, 9, 2, 4, 1, 1, 0, 7, 3, 8];
    for (const [i, value] of values.entries())
      storage.append({ __name__: "x_total" }, { timestamp: i * 10_000, value });
    const asked = { startMs: 30_000, endMs: 90_000, stepMs: 10_000 };
    const { value } = await engine.range(storage, { query: "increase(x_total[30s])", ...asked });
    const alone: unknown[] = [];
    for (let timeMs = asked.startMs; timeMs <= asked.endMs; timeMs += asked.stepMs) {
      const one = await engine.instant(storage, { query: "increase(x_total[30s])", timeMs });
      alone.push(one.value.type === "vector" ? one.value.samples[0]?.value : undefined);
    }
    expect(value.type === "matrix" ? [...(value.series[0]?.values ?? [])] : []).toEqual(alone);
  });
});
