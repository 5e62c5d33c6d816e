import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bucketIndex,
  bucketUpperBound,
  CUSTOM_BUCKETS_SCHEMA,
  type NativeHistogram,
  nativeHistogram,
  nativeHistogramProblem,
  negativeBuckets,
  positiveBuckets,
} from "./native-histogram.ts";

const schema = fc.integer({ min: -4, max: 8 });
const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });

describe("bucket bounds", () => {
  it.each<[number, number, number]>([
    [0, 0, 1],
    [0, 1, 2],
    [0, -1, 0.5],
    [0, 1023, 2 ** 1023],
    [0, 1024, Number.MAX_VALUE],
    [0, -1074, Number.MIN_VALUE],
    [1, 1, Math.SQRT2],
    [1, 2, 2],
    [-1, 1, 4],
    [-4, 1, 65536],
    [-4, -1, 1 / 65536],
    [3, 8, 2],
    [8, 256, 2],
    [8, -256, 0.5],
  ])("in schema %i bucket %i ends at %d", (s, index, expected) => {
    expect(bucketUpperBound(s, index)).toBe(expected);
  });

  it("hold the value whose index they were asked for", () => {
    const property = fc.property(schema, positive, (s, value) => {
      const index = bucketIndex(s, value);
      expect([bucketUpperBound(s, index - 1) < value, value <= bucketUpperBound(s, index)]).toEqual(
        [true, true],
      );
    });
    fc.assert(property, { seed: 42, numRuns: 5000 });
  });

  it("belong to the bucket that ends there", () => {
    const property = fc.property(schema, fc.integer({ min: -1000, max: 1000 }), (s, i) => {
      // The normal doubles: below, neighbouring bounds of fine schemas round to one number.
      const index = Math.trunc((i / 1000) * 1021 * 2 ** s) + 0;
      expect(bucketIndex(s, bucketUpperBound(s, index))).toBe(index);
    });
    fc.assert(property, { seed: 42, numRuns: 5000 });
  });

  it("of a finer schema divide those of a coarser one", () => {
    const property = fc.property(
      fc.integer({ min: -4, max: 7 }),
      fc.integer({ min: -60, max: 60 }),
      (s, i) => {
        expect(bucketUpperBound(s + 1, 2 * i)).toBe(bucketUpperBound(s, i));
      },
    );
    fc.assert(property, { seed: 42 });
  });

  it("have an index that is never −0", () => {
    expect(bucketIndex(0, 0.7)).toBe(0);
  });

  it.each([-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8])(
    "of schema %i end with the largest number, and then infinity",
    (schema) => {
      const last = bucketIndex(schema, Number.MAX_VALUE);
      expect([
        bucketUpperBound(schema, last),
        bucketIndex(schema, Number.POSITIVE_INFINITY),
        bucketUpperBound(schema, last + 1),
      ]).toEqual([Number.MAX_VALUE, last + 1, Number.POSITIVE_INFINITY]);
    },
  );

  it("of custom buckets are as given, and then infinite", () => {
    expect([0, 1, 2].map((i) => bucketUpperBound(CUSTOM_BUCKETS_SCHEMA, i, [1, 5]))).toEqual([
      1,
      5,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("are not asked of schemas that do not exist", () => {
    expect(() => bucketUpperBound(9, 0)).toThrow("native histogram: no bounds for schema 9");
    expect(() => bucketIndex(0, 0)).toThrow("native histogram: no bucket for 0 in schema 0");
  });
});

describe("buckets", () => {
  it("follow the spans", () => {
    const histogram = nativeHistogram({
      positiveSpans: [
        { offset: 2, length: 2 },
        { offset: 1, length: 1 },
      ],
      positiveBuckets: [7, 4, 9],
      negativeSpans: [{ offset: 0, length: 1 }],
      negativeBuckets: [3],
    });
    expect([[...positiveBuckets(histogram)], [...negativeBuckets(histogram)]]).toEqual([
      [
        { lower: 2, upper: 4, count: 7, index: 2 },
        { lower: 4, upper: 8, count: 4, index: 3 },
        { lower: 16, upper: 32, count: 9, index: 5 },
      ],
      [{ lower: -1, upper: -0.5, count: 3, index: 0 }],
    ]);
  });

  it("of custom bounds begin at minus infinity", () => {
    const histogram = nativeHistogram({
      schema: CUSTOM_BUCKETS_SCHEMA,
      customValues: [1, 5],
      positiveSpans: [{ offset: 0, length: 3 }],
      positiveBuckets: [1, 2, 3],
    });
    expect([...positiveBuckets(histogram)].map(({ lower, upper }) => [lower, upper])).toEqual([
      [Number.NEGATIVE_INFINITY, 1],
      [1, 5],
      [5, Number.POSITIVE_INFINITY],
    ]);
  });
});

describe("nativeHistogramProblem", () => {
  const sound: NativeHistogram = nativeHistogram({
    count: 6,
    zeroCount: 1,
    zeroThreshold: 0.001,
    positiveSpans: [{ offset: -3, length: 2 }],
    positiveBuckets: [3, 1],
    negativeSpans: [{ offset: 0, length: 1 }],
    negativeBuckets: [1],
  });
  const custom: NativeHistogram = nativeHistogram({
    schema: CUSTOM_BUCKETS_SCHEMA,
    customValues: [1, 5],
    count: 3,
    positiveSpans: [{ offset: 1, length: 2 }],
    positiveBuckets: [1, 2],
  });

  it.each<[string, NativeHistogram]>([
    ["an empty histogram", nativeHistogram()],
    ["integer counts", sound],
    ["custom buckets", custom],
    ["fractions", { ...sound, isFloat: true, count: 5.75 }],
    ["observations of NaN, which lie in no bucket", { ...sound, count: 7, sum: Number.NaN }],
  ])("finds none in %s", (_, histogram) => {
    expect(nativeHistogramProblem(histogram)).toBeUndefined();
  });

  it.each<[Partial<NativeHistogram>, string]>([
    [{ schema: 9 }, "invalid schema 9: expected −4 … 8, or −53 for custom buckets"],
    [{ customValues: [1] }, "schema 0 must not have custom bounds"],
    [
      {
        positiveSpans: [
          { offset: 0, length: 2 },
          { offset: -1, length: 0 },
        ],
      },
      "positive side: span number 2 has negative offset -1",
    ],
    [{ negativeBuckets: [1, 2] }, "negative side: spans need 1 buckets, have 2 buckets"],
    [{ positiveBuckets: [3, -1] }, "positive side: bucket number 2 has observation count of -1"],
    [{ zeroCount: -1 }, "zero bucket has observation count of -1"],
    [{ count: -1 }, "count is -1"],
    [{ count: 7 }, "6 observations found in buckets, but the count field is 7"],
    [{ count: 5, sum: Number.NaN }, "6 observations found in buckets, but the count field is 5"],
  ])("finds what is wrong with %j", (change, expected) => {
    expect(nativeHistogramProblem({ ...sound, ...change })).toBe(expected);
  });

  it.each<[Partial<NativeHistogram>, string]>([
    [
      { negativeSpans: [{ offset: 0, length: 1 }], negativeBuckets: [1] },
      "custom buckets: must not have negative buckets",
    ],
    [{ zeroCount: 1 }, "custom buckets: must not have a zero bucket"],
    [{ customValues: [5, 1] }, "custom buckets: bounds must ascend and be finite: 1 at position 1"],
    [{ customValues: [1, 1] }, "custom buckets: bounds must ascend and be finite: 1 at position 1"],
    [
      { customValues: [1, Number.POSITIVE_INFINITY] },
      "custom buckets: bounds must ascend and be finite: Infinity at position 1",
    ],
    [
      { customValues: [Number.NaN] },
      "custom buckets: bounds must ascend and be finite: NaN at position 0",
    ],
    [
      { positiveSpans: [{ offset: 2, length: 2 }] },
      "custom buckets: spans reach bucket 4, but there are 3",
    ],
  ])("finds what is wrong with custom buckets %j", (change, expected) => {
    expect(nativeHistogramProblem({ ...custom, ...change })).toBe(expected);
  });
});
