import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { QueryError } from "../eval/query-error.ts";
import { createMatcher } from "../matcher/label-matcher.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import type { Queryable, Selection } from "../queryable/queryable.ts";
import { ParseError } from "../syntax/parse-error.ts";
import { Engine } from "./engine.ts";

const MINUTE = 60_000;

/** `x{port="0"}` counts seconds, `x{port="1"}` twice as fast, for an hour, one sample every 15 s. */
function example(ports = 2): MemoryStorage {
  const storage = new MemoryStorage();
  for (let port = 0; port < ports; port++)
    for (let t = 0; t <= 60 * MINUTE; t += 15_000)
      storage.append(
        { __name__: "x", port: String(port) },
        { timestamp: t, value: (t / 1000) * (port + 1) },
      );
  return storage;
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("Engine", () => {
  const engine = new Engine({ features: "all" });

  it("answers a range query with a matrix, sorted by labels", async () => {
    const range = { startMs: 10 * MINUTE, endMs: 12 * MINUTE, stepMs: MINUTE };
    const { value } = await engine.range(example(), { query: "-x", ...range });
    expect(value).toEqual({
      type: "matrix",
      series: [
        series({ port: "0" }, [600, 660, 720], [-600, -660, -720]),
        series({ port: "1" }, [600, 660, 720], [-1200, -1320, -1440]),
      ],
    });
  });

  it.each([
    ["1", " + 1", 10_001],
    ['x{port="0"}', ' + on (port) x{port="0"}', 10_001 * 600],
    ['x{port="0"}', " + 1", 600 + 10_000],
    ['x{port="0"}', ' or x{port="0"}', 600],
    ['x{port="0"} @ 0', ' + x{port="0"} @ 0', 0],
    ["vector(1)", " - vector(1) + vector(1)", 1],
  ])("evaluates a chain of ten thousand operators: %s%s …", async (first, link, expected) => {
    const query = first + link.repeat(10_000);
    const timeMs = 10 * MINUTE;
    const { value } = await engine.instant(example(), { query, timeMs });
    const only =
      value.type === "vector" ? value.samples[0]?.value : value.type === "scalar" && value.value;
    expect(only).toBe(expected);
    const range = { startMs: timeMs, endMs: timeMs + MINUTE, stepMs: MINUTE };
    const { value: matrix } = await engine.range(example(), { query, ...range });
    expect(matrix.type === "matrix" && matrix.series[0]?.values[0]).toBe(expected);
  });

  it("evaluates the part of a long chain that is the same at every step once", async () => {
    const query = `x{port="0"} @ 60${' + x{port="0"} @ 60'.repeat(999)}${' + x{port="0"}'.repeat(999)}`;
    const range = { startMs: 0, endMs: 2 * MINUTE, stepMs: MINUTE };
    const { value } = await engine.range(example(), { query, ...range });
    const [only] = value.type === "matrix" ? value.series : [];
    expect([...(only?.values ?? [])]).toEqual([60_000, 60_000 + 999 * 60, 60_000 + 999 * 120]);
  });

  it("gives series without gaps one array of timestamps", async () => {
    const range = { startMs: 10 * MINUTE, endMs: 12 * MINUTE, stepMs: MINUTE };
    const { value } = await engine.range(example(), { query: "x", ...range });
    const [first, second] = value.type === "matrix" ? value.series : [];
    expect(first?.timestamps).toBe(second?.timestamps);
  });

  it.each([
    ["1 + 1", { type: "scalar", timestamp: 600_000, value: 2 }],
    ['"text"', { type: "string", timestamp: 600_000, value: "text" }],
    [
      'x{port="0"}',
      {
        type: "vector",
        samples: [
          { labels: Labels.from({ __name__: "x", port: "0" }), timestamp: 600_000, value: 600 },
        ],
      },
    ],
    [
      'x{port="0"}[30s]',
      {
        type: "matrix",
        series: [series({ __name__: "x", port: "0" }, [585, 600], [585, 600])],
      },
    ],
  ])("answers %s at one moment", async (query, value) => {
    const result = await engine.instant(example(), { query, timeMs: 10 * MINUTE });
    expect(result.value).toEqual(value);
  });

  it("asks the storage for exactly what windows need", async () => {
    const asked: Selection[] = [];
    const storage: Queryable = {
      select: (selection) => {
        asked.push(selection);
        return { series: [], warnings: ["a part is missing"] };
      },
    };
    const query = "rate(x[2m] offset 1m) + x @ 60 + sum_over_time(x[1m:30s])";
    const range = { startMs: 10 * MINUTE, endMs: 12 * MINUTE, stepMs: MINUTE };
    const { storageWarnings } = await engine.range(storage, { query, ...range });
    expect(
      asked.map(({ minTime, maxTime, rangeMs, around }) => [minTime, maxTime, rangeMs, around]),
    )
      // Left-open windows: the first millisecond inside.
      .toEqual([
        [7 * MINUTE + 1, 11 * MINUTE, 2 * MINUTE, "rate"],
        [-4 * MINUTE + 1, MINUTE, 0, undefined],
        [4 * MINUTE + 30_001, 12 * MINUTE, 0, undefined],
      ]);
    expect(storageWarnings).toEqual(["a part is missing"]);
  });

  it("waits for a storage that answers later, also in the middle of a query", async () => {
    const memory = example();
    const slow: Queryable = {
      select: async (selection) => ({
        series: memory.select(selection).series.map((one) => ({
          labels: one.labels,
          read: async (into, minTime, maxTime) => {
            await Promise.resolve();
            await one.read(into, minTime, maxTime);
          },
        })),
      }),
    };
    const query = "sum(rate(x[2m])) + max_over_time(x[2m:1m])";
    const [fromSlow, fromMemory] = await Promise.all(
      [slow, memory].map((storage) => engine.instant(storage, { query, timeMs: 10 * MINUTE })),
    );
    expect(fromSlow?.value).toEqual(fromMemory?.value);
  });

  it.each<[Queryable, string]>([
    [{ select: () => Promise.reject(new Error("disk on fire")) }, "expanding series: disk on fire"],
    [
      {
        select: () => {
          throw new Error("not open");
        },
      },
      "expanding series: not open",
    ],
    [oneSeries(() => Promise.reject(new Error("chunk 7 is broken"))), "chunk 7 is broken"],
    [
      oneSeries(() => {
        throw new Error("chunk 8 is broken");
      }),
      "chunk 8 is broken",
    ],
  ])("tells what the storage said when it failed", async (storage, message) => {
    for (const query of ["sum(x)", "rate(x[5m])"]) {
      const error = await failure(engine.instant(storage, { query, timeMs: 0 }));
      expect(error).toBeInstanceOf(QueryError);
      expect((error as QueryError).message).toBe(message);
      expect((error as QueryError).code).toBe("LINKLIGHT_QUERY_STORAGE");
    }
  });

  it("refuses times that are no numbers", async () => {
    const range = { startMs: 0, endMs: 0, stepMs: 1 };
    for (const wrong of [
      engine.instant(example(), { query: "x", timeMs: Number.NaN }),
      engine.range(example(), { query: "x", ...range, startMs: Number.NEGATIVE_INFINITY }),
      engine.range(example(), { query: "x", ...range, endMs: Number.POSITIVE_INFINITY }),
      engine.range(example(), { query: "x", ...range, stepMs: Number.NaN }),
    ])
      expect(await failure(wrong)).toBeInstanceOf(RangeError);
  });

  it("refuses a text that is no query, with all its mistakes", async () => {
    const error = await failure(engine.instant(example(), { query: "sum(x", timeMs: 0 }));
    expect(error).toBeInstanceOf(ParseError);
    expect((error as Error).message).toBe("1:6: parse error: unclosed left parenthesis");
  });
});

describe("the limits of a query", () => {
  const hour = { startMs: 0, endMs: 60 * MINUTE, stepMs: 1000 };

  it.each([
    [
      { maxSamples: 1000 },
      { query: "x * 2", ...hour },
      "LINKLIGHT_QUERY_TOO_MANY_SAMPLES",
      "execution",
      "query processing would load too many samples into memory in query execution",
    ],
    [
      {},
      { query: "x", ...hour, stepMs: 100 },
      "LINKLIGHT_QUERY_TOO_MANY_POINTS",
      "bad_data",
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    ],
    [
      {},
      { query: "x", ...hour, stepMs: 0 },
      "LINKLIGHT_QUERY_RANGE",
      "bad_data",
      "zero or negative query resolution step widths are not accepted. Try a positive integer",
    ],
    [
      {},
      { query: "x", ...hour, endMs: -1 },
      "LINKLIGHT_QUERY_RANGE",
      "bad_data",
      "end timestamp must not be before start time",
    ],
    [
      {},
      { query: "x[5m]", ...hour },
      "LINKLIGHT_QUERY_RANGE",
      "bad_data",
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    ],
  ] as const)(
    "end it in the error of Prometheus: %j, %j",
    async (options, query, code, type, text) => {
      const error = await failure(new Engine(options).range(example(), query));
      expect(error).toBeInstanceOf(QueryError);
      const { code: gotCode, errorType, message } = error as QueryError;
      expect([gotCode, errorType, message]).toEqual([code, type, text]);
    },
  );

  it("take 11,000 steps, and not one more", async () => {
    const query = { query: "1", startMs: 0, endMs: 11_000_000, stepMs: 1000 };
    expect(await failure(new Engine().range(example(), query))).toBe(undefined);
    expect(
      await failure(new Engine().range(example(), { ...query, endMs: 11_001_000 })),
    ).toBeInstanceOf(QueryError);
  });

  it("end a query whose time is over while it computes", async () => {
    let clock = 0;
    const engine = new Engine({ now: () => (clock += 10), timeoutMs: 200 });
    const query = { query: "sum(avg_over_time(x[50m]))", ...hour };
    const error = await failure(engine.range(example(20), query));
    expect((error as QueryError).code).toBe("LINKLIGHT_QUERY_TIMEOUT");
    expect((error as QueryError).message).toBe("query timed out in expression evaluation");
  });

  it("end a query whose storage never answers, by time-out and by cancelling", async () => {
    const never: Queryable = { select: () => new Promise(() => {}) };
    const timedOut = await failure(
      new Engine({ timeoutMs: 20 }).instant(never, { query: "x", timeMs: 0 }),
    );
    expect((timedOut as QueryError).code).toBe("LINKLIGHT_QUERY_TIMEOUT");
    const abort = new AbortController();
    const query = { query: "x", timeMs: 0, signal: abort.signal };
    const waiting = failure(new Engine().instant(never, query));
    abort.abort();
    expect(((await waiting) as QueryError).code).toBe("LINKLIGHT_QUERY_CANCELED");
  });

  it("refuse a query that was cancelled before it began", async () => {
    const query = { query: "x", timeMs: 0, signal: AbortSignal.abort() };
    const error = await failure(new Engine().instant(example(), query));
    expect((error as QueryError).message).toBe("query was canceled in expression evaluation");
  });

  it("give the event loop its turn during long work, within one series too", async () => {
    let turns = 0;
    let clock = 0;
    const engine = new Engine({
      features: "all",
      // Time goes by with the work that is reported.
      now: () => (clock += 5),
      yieldToEventLoop: async () => {
        turns++;
      },
    });
    const query = "mad_over_time(x[50m])";
    await engine.range(example(1), { query, ...hour });
    expect(turns).toBeGreaterThan(2);
  });

  it.each(["sum_over_time((x + 1)[10y:1ms])", "vector(1)[10y:1ms]", "max_over_time((-x)[1y:1ms])"])(
    "refuse a subquery of billions of steps before they are allocated: %s",
    async (query) => {
      const error = await failure(new Engine().instant(example(), { query, timeMs: 0 }));
      expect((error as QueryError).code).toBe("LINKLIGHT_QUERY_TOO_MANY_SAMPLES");
    },
  );

  it("let a window slide over more samples than may be held", async () => {
    const engine = new Engine({ maxSamples: 200 });
    const query = {
      query: "sum(rate(x[1m]) + x)",
      startMs: 0,
      endMs: 60 * MINUTE,
      stepMs: 5 * MINUTE,
    };
    expect(await failure(engine.range(example(), query))).toBe(undefined);
  });

  it("count what is in memory at a time, not what streams through", async () => {
    const query = { query: "sum(x)", ...hour };
    const { peakSamples } = await new Engine().range(example(50), query);
    expect(peakSamples).toBeLessThan(5 * 3601);
  });
});

it("costs microseconds to match a hostile pattern against a long value", () => {
  const matcher = createMatcher("port", "=~", "(a+)+$");
  expect(matcher.matches(`${"a".repeat(10_000)}b`)).toBe(false);
});

function series(labels: Record<string, string>, seconds: number[], values: number[]) {
  return {
    labels: Labels.from(labels),
    timestamps: Float64Array.from(seconds, (second) => second * 1000),
    values: Float64Array.from(values),
    histograms: undefined,
  };
}

function oneSeries(read: () => Promise<void>): Queryable {
  return { select: () => ({ series: [{ labels: Labels.EMPTY, read }] }) };
}
