import { expect, it } from "vitest";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import { Engine } from "./engine.ts";

/** `m` is 10 at 10 s, 20 at 20 s … until 50 s. */
function example(): MemoryStorage {
  const storage = new MemoryStorage();
  for (let t = 10; t <= 50; t += 10)
    storage.append({ __name__: "m" }, { timestamp: t * 1000, value: t });
  return storage;
}

it.each<[string, number, [number, number][]]>([
  [
    "m[20s]",
    40,
    [
      [30, 30],
      [40, 40],
    ],
  ],
  [
    "m[20s] anchored",
    45,
    [
      [25, 20],
      [30, 30],
      [40, 40],
      [45, 40],
    ],
  ],
  [
    "m[20s] anchored",
    40,
    [
      [20, 20],
      [30, 30],
      [40, 40],
    ],
  ],
  [
    "m[20s] anchored",
    20,
    [
      [0, 10],
      [10, 10],
      [20, 20],
    ],
  ],
  ["m[20s] anchored", 80, []],
  [
    "m[20s] smoothed",
    45,
    [
      [25, 25],
      [30, 30],
      [40, 40],
      [45, 45],
    ],
  ],
  [
    "m[20s] smoothed",
    40,
    [
      [20, 20],
      [30, 30],
      [40, 40],
    ],
  ],
  [
    "m[20s] smoothed",
    60,
    [
      [40, 40],
      [50, 50],
      [60, 50],
    ],
  ],
  [
    "m[20s] smoothed",
    5,
    [
      [-15, 10],
      [5, 10],
    ],
  ],
  [
    "m[4s] smoothed",
    28,
    [
      [24, 24],
      [28, 28],
    ],
  ],
])(
  "%s at %i s gives what lies inside, and the edges of an extended window",
  async (query, at, expected) => {
    const engine = new Engine({ features: "all" });
    const { value } = await engine.instant(example(), { query, timeMs: at * 1000 });
    const series = value.type === "matrix" ? value.series : [];
    const samples = series.flatMap(({ timestamps, values }) =>
      Array.from(timestamps, (t, i) => [t / 1000, values[i]]),
    );
    expect(samples).toEqual(expected);
  },
);

it("drops late names, types and units from series that have no name", async () => {
  const storage = new MemoryStorage();
  storage.append({ __type__: "counter", port: "1" }, { timestamp: 0, value: 1 });
  const engine = new Engine({ features: "all" });
  const { value } = await engine.instant(storage, { query: '-{port="1"}', timeMs: 0 });
  expect(
    value.type === "vector" && value.samples.map(({ labels }) => labels.get("__type__")),
  ).toEqual([""]);
});
