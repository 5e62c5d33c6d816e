import {
  Labels,
  type Matcher,
  type MatchOperator,
  nativeHistogram,
  type Sample,
  STALE_MARKER_BITS,
  writeStaleMarker,
} from "@linklight/model";
import { describe, expect, it } from "vitest";
import { AppendError } from "./append-error.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { SampleColumns } from "./sample-columns.ts";

// Conditions written out, so that the storage is tested without the engine's regular expressions.
function matcher(name: string, operator: MatchOperator, value: string): Matcher {
  const pattern = new RegExp(`^(?:${value})$`, "su");
  const matches: Record<MatchOperator, (text: string) => boolean> = {
    "=": (text) => text === value,
    "!=": (text) => text !== value,
    "=~": (text) => pattern.test(text),
    "!~": (text) => !pattern.test(text),
  };
  return { name, operator, value, matches: matches[operator] };
}

const everything = { minTime: -1e15, maxTime: 1e15, stepMs: 0, rangeMs: 0 };

function select(
  storage: MemoryStorage,
  matchers: readonly Matcher[],
  times = everything,
): string[] {
  const { series } = storage.select({ matchers, ...times, around: undefined, signal: undefined });
  return series.map(({ labels }) => labels.toString());
}

function read(storage: MemoryStorage, minTime: number, maxTime: number): SampleColumns {
  const selection = { ...everything, matchers: [], around: undefined, signal: undefined };
  const into = new SampleColumns(1);
  void storage.select(selection).series[0]?.read(into, minTime, maxTime);
  return into;
}

const floats = (...pairs: readonly (readonly [number, number])[]): Sample[] =>
  pairs.map(([timestamp, value]) => ({ timestamp, value }));

describe("selecting", () => {
  const storage = new MemoryStorage();
  for (const [name, port, role] of [
    ["rx", "10", "uplink"],
    ["rx", "2", "access"],
    ["rx", "3", ""],
    ["tx", "2", "access"],
  ] as const)
    storage.append({ __name__: name, port, role }, { timestamp: 1000, value: 1 });

  it.each([
    { matchers: [], found: ["rx 10", "rx 2", "rx 3", "tx 2"] },
    { matchers: [matcher("__name__", "=", "rx")], found: ["rx 10", "rx 2", "rx 3"] },
    { matchers: [matcher("__name__", "=", "none")], found: [] },
    { matchers: [matcher("__name__", "=", "rx"), matcher("port", "=", "2")], found: ["rx 2"] },
    { matchers: [matcher("port", "=~", "1.*|3")], found: ["rx 10", "rx 3"] },
    {
      matchers: [{ ...matcher("port", "=~", "3|10"), literals: ["3", "10", "3"] }],
      found: ["rx 10", "rx 3"],
    },
    { matchers: [matcher("role", "=", "")], found: ["rx 3"] },
    { matchers: [matcher("role", "!=", "")], found: ["rx 10", "rx 2", "tx 2"] },
    { matchers: [matcher("role", "!=", "uplink")], found: ["rx 2", "rx 3", "tx 2"] },
    {
      matchers: [matcher("role", "=~", "|access"), matcher("__name__", "=", "rx")],
      found: ["rx 2", "rx 3"],
    },
    { matchers: [matcher("role", "!~", "a.*")], found: ["rx 10", "rx 3"] },
    { matchers: [matcher("absent", "=", "")], found: ["rx 10", "rx 2", "rx 3", "tx 2"] },
    { matchers: [matcher("absent", "=~", ".+")], found: [] },
    { matchers: [matcher("port", "!=", "2"), matcher("port", "!=", "3")], found: ["rx 10"] },
  ])("finds $found", ({ matchers, found }) => {
    const { series } = storage.select({
      ...everything,
      matchers,
      around: undefined,
      signal: undefined,
    });
    expect(series.map(({ labels }) => `${labels.get("__name__")} ${labels.get("port")}`)).toEqual(
      found,
    );
  });

  it("sorts series by label set, also those that came later", () => {
    const growing = new MemoryStorage();
    growing.append({ a: "2" }, { timestamp: 0, value: 0 });
    expect(select(growing, [])).toEqual(['{a="2"}']);
    growing.append({ a: "1", b: "x" }, { timestamp: 0, value: 0 });
    growing.append({ a: "1" }, { timestamp: 0, value: 0 });
    expect(select(growing, [])).toEqual(['{a="1"}', '{a="1", b="x"}', '{a="2"}']);
  });

  it("leaves out series without samples in the time", () => {
    const times = { ...everything, minTime: 1001 };
    expect(select(storage, [], times)).toEqual([]);
    expect(select(storage, [], { ...times, minTime: 0, maxTime: 999 })).toEqual([]);
    expect(select(storage, [], { ...times, minTime: 1000, maxTime: 1000 })).toHaveLength(4);
  });

  it("finds nothing once cleared, while an answer given before can be read", () => {
    const cleared = new MemoryStorage();
    cleared.append({ a: "1" }, { timestamp: 0, value: 7 });
    const selection = { ...everything, matchers: [], around: undefined, signal: undefined };
    const { series } = cleared.select(selection);
    cleared.clear();
    const into = new SampleColumns();
    void series[0]?.read(into, 0, 0);
    expect([select(cleared, []), into.length, into.values[0]]).toEqual([[], 1, 7]);
  });
});

describe("reading", () => {
  it("gives the samples of a time, both ends included", () => {
    const storage = new MemoryStorage();
    storage.appendAll({ a: "1" }, floats([-5, 1], [0, 2], [10, Number.NaN], [20, 4], [30, 5]));
    const columns = read(storage, 0, 20);
    expect(columns.length).toBe(3);
    expect([...columns.timestamps.subarray(0, 3)]).toEqual([0, 10, 20]);
    expect([...columns.values.subarray(0, 3)]).toEqual([2, Number.NaN, 4]);
    expect(read(storage, 21, 29).length).toBe(0);
    expect(read(storage, -100, 100).length).toBe(5);
  });

  it("keeps staleness markers bit by bit", () => {
    const storage = new MemoryStorage();
    const stale = new Float64Array(1);
    writeStaleMarker(stale, 0);
    storage.append({ a: "1" }, { timestamp: 0, value: 1 });
    // Not through an array of numbers: that would make it an ordinary NaN.
    storage.append({ a: "1" }, { timestamp: 10, value: stale[0] as number });
    const { values } = read(storage, 0, 20);
    expect(new BigUint64Array(values.buffer)[1]).toBe(STALE_MARKER_BITS);
  });

  it("gives histograms and start timestamps at their places", () => {
    const storage = new MemoryStorage();
    const histogram = nativeHistogram({ count: 3, sum: 1 });
    storage.appendAll({ a: "1" }, [
      { timestamp: 0, value: 1 },
      { timestamp: 10, value: histogram, startTimestamp: 5 },
      { timestamp: 20, value: 2 },
    ]);
    const columns = read(storage, 5, 20);
    expect(columns.histograms).toEqual([histogram]);
    expect([...(columns.startTimestamps ?? [])].slice(0, columns.length)).toEqual([5, 0]);
    expect(read(storage, 15, 20).histograms).toBeUndefined();
  });
});

describe("appending", () => {
  const labels = Labels.from({ __name__: "up" });
  const histogram = nativeHistogram({ count: 1, sum: 2 });

  it.each([
    {
      samples: [...floats([10, 1]), ...floats([9, 1])],
      message: "out of order sample: up has a sample at 10 ms, the new one is at 9 ms",
      code: "LINKLIGHT_OUT_OF_ORDER_SAMPLE",
    },
    {
      samples: floats([10, 1], [10, 2]),
      message: "duplicate sample for timestamp: up has 1 at 10 ms, the new value is 2",
      code: "LINKLIGHT_DUPLICATE_SAMPLE",
    },
    {
      samples: [{ timestamp: 10, value: histogram }, ...floats([10, 2])],
      message:
        "duplicate sample for timestamp: up has a histogram of count 1 and sum 2 at 10 ms, the new value is 2",
      code: "LINKLIGHT_DUPLICATE_SAMPLE",
    },
  ] as const)("refuses: $message", ({ samples, message, code }) => {
    const storage = new MemoryStorage();
    let caught: unknown;
    try {
      storage.appendAll(labels, samples);
    } catch (error) {
      caught = error;
    }
    expect(caught).toEqual(new AppendError(code, message));
    expect((caught as AppendError).code).toBe(code);
  });

  it("leaves out the last sample when it comes once more", () => {
    const storage = new MemoryStorage();
    storage.appendAll(labels, floats([0, Number.NaN], [0, Number.NaN], [1, 1], [1, 1]));
    storage.append(labels, { timestamp: 2, value: histogram });
    storage.append(labels, { timestamp: 2, value: { ...histogram } });
    expect(read(storage, 0, 2).length).toBe(3);
  });

  it("takes whole milliseconds only", () => {
    expect(() => new MemoryStorage().append(labels, { timestamp: 0.5, value: 1 })).toThrow(
      RangeError,
    );
  });
});
