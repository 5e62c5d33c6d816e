import { nativeHistogram } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import { parseBound } from "./bound.ts";
import { BucketCounts } from "./bucket-counts.ts";
import { bucketFraction } from "./bucket-fraction.ts";
import { bucketQuantile } from "./bucket-quantile.ts";

function bucketsOf(pairs: readonly (readonly [number, number])[]): BucketCounts {
  const buckets = new BucketCounts(pairs.length);
  for (const [bound, count] of pairs) buckets.push(bound, count);
  return buckets;
}

describe("bounds of buckets", () => {
  it.each<[string, number | undefined]>([
    ["1", 1],
    ["1.0", 1],
    ["1.", 1],
    [".5", 0.5],
    ["1e3", 1000],
    ["-2.5E-3", -0.0025],
    ["+Inf", Infinity],
    ["inf", Infinity],
    ["-Infinity", -Infinity],
    ["NaN", Number.NaN],
    ["1e400", undefined],
    ["", undefined],
    [" 1", undefined],
    ["0x10", undefined],
    ["1_000", 1000],
    ["1_000.2_5e1_0", 10_002_500_000_000],
    ["1__0", undefined],
    ["_1", undefined],
    ["1_.5", undefined],
    ["0x1p3", 8],
    ["-0X_1.8p-1", -0.75],
    ["0x.8p+1", 1],
    ["0x1.", undefined],
    ["0x1p2000", undefined],
    ["0x1p-1074", Number.MIN_VALUE],
    ["p1", undefined],
    ["one", undefined],
  ])("%j is %s", (label, expected) => {
    expect(parseBound(label)).toEqual(expected);
  });
});

describe("bucketQuantile", () => {
  const EVEN = [
    [1, 10],
    [2, 20],
    [4, 30],
    [Infinity, 40],
  ] as const;
  it.each<[string, number, readonly (readonly [number, number])[], number]>([
    ["in the first bucket", 0.125, EVEN, 0.5],
    ["in between", 0.625, EVEN, 3],
    ["at a bound", 0.5, EVEN, 2],
    ["in the last bucket", 0.9, EVEN, 4],
    ["at 0", 0, EVEN, 0],
    ["below 0", -0.1, EVEN, -Infinity],
    ["above 1", 1.1, EVEN, Infinity],
    ["that is none", Number.NaN, EVEN, Number.NaN],
    [
      "of negative values",
      0.1,
      [
        [-1, 5],
        [Infinity, 10],
      ],
      -1,
    ],
    ["without the infinite bucket", 0.5, [[1, 5]], Number.NaN],
    ["of one bucket", 0.5, [[Infinity, 5]], Number.NaN],
    [
      "of nothing observed",
      0.5,
      [
        [1, 0],
        [Infinity, 0],
      ],
      Number.NaN,
    ],
    [
      "where a bound stands twice",
      0.5,
      [
        [1, 1],
        [1, 2],
        [Infinity, 4],
      ],
      2 / 3,
    ],
  ])("%s", (_, q, pairs, expected) => {
    expect(bucketQuantile(q, bucketsOf(pairs))).toBe(expected);
  });

  it("makes falling counts rise, and says so", () => {
    const buckets = bucketsOf([
      [1, 10],
      [2, 8],
      [3, 9],
      [4, 20],
      [Infinity, 19],
    ]);
    expect(bucketQuantile(0.75, buckets)).toBe(3.5);
    expect(buckets.forced).toEqual({ minBound: 2, maxBound: Infinity, maxDifference: 2 });
  });

  it("smooths errors of floating point without a word", () => {
    const buckets = bucketsOf([
      [1, 10],
      [2, 10 - 1e-14],
      [Infinity, 20],
    ]);
    expect([bucketQuantile(0.5, buckets), buckets.forced]).toEqual([1, undefined]);
  });

  it("is the inverse of bucketFraction", () => {
    const histogram = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(histogram, fc.double({ min: 0, max: 1, noNaN: true }), (added, share) => {
        let total = 0;
        const pairs = added.map((count, i): [number, number] => {
          total += count;
          return [i + 1, total];
        });
        // Nothing above the last bound, so that every value can be found again.
        pairs.push([Infinity, total]);
        const value = bucketQuantile(share, bucketsOf(pairs));
        expect(bucketFraction(-Infinity, value, bucketsOf(pairs))).toBeCloseTo(share, 9);
      }),
      { seed: 42 },
    );
  });
});

describe("bucketFraction", () => {
  const POSITIVE = [
    [1, 10],
    [2, 20],
    [Infinity, 40],
  ] as const;
  const NEGATIVE = [
    [-1, 10],
    [0, 20],
    [Infinity, 40],
  ] as const;
  it.each<[string, number, number, readonly (readonly [number, number])[], number]>([
    ["between bounds", 1, 2, POSITIVE, 0.25],
    ["within a bucket", 1.25, 1.75, POSITIVE, 0.125],
    ["within the first", 0, 0.5, POSITIVE, 0.125],
    ["of everything", -Infinity, Infinity, POSITIVE, 1],
    ["within the last", 3, 4, POSITIVE, 0],
    ["of limits out of order", 2, 1, POSITIVE, 0],
    ["of no limit", Number.NaN, 1, POSITIVE, Number.NaN],
    ["below the first of negative bounds", -Infinity, -2, NEGATIVE, 0.25],
    ["without the infinite bucket", 0, 1, [[1, 5]], Number.NaN],
    [
      "of nothing observed",
      0,
      1,
      [
        [1, 0],
        [Infinity, 0],
      ],
      Number.NaN,
    ],
  ])("%s", (_, lower, upper, pairs, expected) => {
    expect(bucketFraction(lower, upper, bucketsOf(pairs))).toBe(expected);
  });
});

describe("functions over histograms", () => {
  const engine = new Engine({ features: "all" });

  function storage(): MemoryStorage {
    const stored = new MemoryStorage();
    const add = (labels: Record<string, string>, ...values: number[]): void => {
      for (const [i, value] of values.entries())
        stored.append({ __name__: "wait_bucket", ...labels }, { timestamp: i * 60_000, value });
    };
    add({ port: "1", le: "1" }, 10, 20);
    add({ port: "1", le: "+Inf" }, 20, 40);
    add({ port: "1", le: "0.5" }, 5, 30);
    add({ port: "2", le: "many" }, 5);
    return stored;
  }

  async function ask(query: string, stored = storage(), timeMs = 0): Promise<unknown> {
    const { value, annotations } = await engine.instant(stored, { query, timeMs });
    return {
      result:
        value.type === "vector"
          ? value.samples.map((sample) => [String(sample.labels), sample.value])
          : value,
      remarks: annotations.map(({ text, span }) => `${text} (${span.start}-${span.end})`),
    };
  }

  const MANY =
    'PromQL warning: bucket label "le" is missing or has a malformed value of "many" for metric name "wait_bucket"';

  it("sort buckets by their bounds and warn of series that are none", async () => {
    expect(await ask("histogram_quantile(0.25, wait_bucket)")).toEqual({
      result: [['{port="1"}', 0.5]],
      remarks: [`${MANY} (25-36)`],
    });
  });

  it("histogram_quantiles has a series for each quantile", async () => {
    expect(await ask('histogram_quantiles(wait_bucket{port="1"}, "q", 0.25, 1, 7)')).toEqual({
      result: [
        ['{port="1", q="0.25"}', 0.5],
        ['{port="1", q="1.0"}', 1],
        ['{port="1", q="7.0"}', Infinity],
      ],
      remarks: ["PromQL warning: quantile value should be between 0 and 1, got 7 (57-58)"],
    });
  });

  it("histogram_quantiles fails where a quantile stands twice", async () => {
    await expect(ask('histogram_quantiles(wait_bucket, "q", 0.5, 0.50)')).rejects.toThrow(
      "vector cannot contain metrics with the same labelset",
    );
  });

  it("tell how counts that fall were corrected, all steps in one remark", async () => {
    const stored = storage();
    const { annotations } = await engine.range(stored, {
      query: 'histogram_quantile(0.5, wait_bucket{port="1"})',
      startMs: 0,
      endMs: 180_000,
      stepMs: 60_000,
    });
    expect(annotations).toEqual([
      {
        severity: "info",
        text: 'PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name "wait_bucket", from buckets 1 to 1, with a max diff of 10, over 3 samples from 1970-01-01T00:01:00Z to 1970-01-01T00:03:00Z',
        span: { start: 24, end: 45 },
      },
    ]);
  });

  it("give nothing where a native histogram has the labels of a classic one", async () => {
    const stored = storage();
    stored.append(
      { __name__: "wait_bucket", port: "1" },
      { timestamp: 0, value: nativeHistogram({ count: 1, sum: 2, zeroCount: 1 }) },
    );
    expect(await ask('histogram_fraction(0, 1, wait_bucket{port="1"})', stored)).toEqual({
      result: [],
      remarks: [
        'PromQL warning: vector contains a mix of classic and native histograms for metric name "wait_bucket" (25-46)',
      ],
    });
  });

  it("that sum up native histograms give nothing for floats", async () => {
    for (const name of ["avg", "count", "stddev", "stdvar", "sum"])
      expect(await ask(`histogram_${name}(wait_bucket)`)).toEqual({ result: [], remarks: [] });
  });
});
