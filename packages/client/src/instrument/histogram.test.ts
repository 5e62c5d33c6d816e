import { bucketUpperBound, nativeHistogramProblem } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Registry } from "../registry/registry.ts";
import { Histogram } from "./histogram.ts";
import { NativeObservations } from "./native-observations.ts";

describe("Histogram", () => {
  it("counts each observation in all buckets whose bound it does not exceed", async () => {
    const registry = new Registry();
    const size = new Histogram({
      name: "frame_size_bytes",
      help: "Frames",
      buckets: [64, 512],
      registry,
    });
    for (const value of [64, 65, 1000]) size.observe(value);
    expect(await registry.text()).toBe(`# HELP frame_size_bytes Frames
# TYPE frame_size_bytes histogram
frame_size_bytes_bucket{le="64"} 1
frame_size_bytes_bucket{le="512"} 2
frame_size_bytes_bucket{le="+Inf"} 3
frame_size_bytes_sum 1129
frame_size_bytes_count 3
`);
  });

  it("shows the same numbers at every scrape, though buckets are summed up when copied", async () => {
    const registry = new Registry();
    const size = new Histogram({ name: "a", help: "A", buckets: [1], registry });
    size.observe(0.5);
    expect(await registry.text()).toBe(await registry.text());
  });

  it("counts NaN as an observation beyond all bounds", async () => {
    const registry = new Registry();
    new Histogram({ name: "a", help: "A", buckets: [1], registry }).observe(Number.NaN);
    expect(await registry.text()).toContain(
      'a_bucket{le="1"} 0\na_bucket{le="+Inf"} 1\na_sum NaN\na_count 1\n',
    );
  });

  it("attaches an exemplar to the bucket of its observation", async () => {
    const registry = new Registry();
    const seconds = new Histogram({
      name: "a_seconds",
      help: "A",
      buckets: [0.5, 1],
      registry,
      now: () => 2000,
    });
    seconds.observe(0.7, { trace_id: "x" });
    expect(await registry.text("openmetrics-1.0.0")).toContain(
      'a_seconds_bucket{le="1.0"} 1.0 # {trace_id="x"} 0.7 2.000\n',
    );
  });

  it.each([
    [
      { buckets: [1, 1] },
      "metric a: bucket bounds must be numbers in ascending order: 1 at position 1",
    ],
    [
      { buckets: [2, 1] },
      "metric a: bucket bounds must be numbers in ascending order: 1 at position 1",
    ],
    [
      { buckets: [Number.NaN] },
      "metric a: bucket bounds must be numbers in ascending order: NaN at position 0",
    ],
    [
      { nativeBuckets: { factor: 1 } },
      "metric a: the factor between native buckets must be greater than 1, got 1",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => new Histogram({ name: "a", help: "A", ...options })).toThrow(
      new RangeError(message),
    );
  });

  it("judges native buckets before there is a series", () => {
    const options = { name: "a", help: "A", labelNames: ["port"] };
    expect(() => new Histogram({ ...options, nativeBuckets: { maxBuckets: 0 } })).toThrow(
      new RangeError("metric a: maxBuckets must be at least 1, got 0"),
    );
  });

  it("does not count an observation whose exemplar it refuses", () => {
    const histogram = new Histogram({ name: "a", help: "A", buckets: [1] });
    expect(() => histogram.observe(1, { "": "x" })).toThrow(
      new TypeError('metric a: invalid label name "" in an exemplar'),
    );
    expect([...(histogram.table().parts[0]?.values ?? [])]).toEqual([0, 0, 0, 0]);
  });

  it("takes a final +Inf bound as the one it adds itself", async () => {
    const registry = new Registry();
    new Histogram({ name: "a", help: "A", buckets: [1, Number.POSITIVE_INFINITY], registry });
    expect((await registry.text()).match(/_bucket/g)).toHaveLength(2);
  });

  it("measures with startTimer what it returns", () => {
    const histogram = new Histogram({ name: "a_seconds", help: "A" });
    expect(histogram.startTimer()()).toBeGreaterThanOrEqual(0);
  });
});

describe("NativeObservations", () => {
  it("uses the coarsest schema that grows by at most the factor", () => {
    expect(new NativeObservations({ factor: 2 }).snapshot().schema).toBe(0);
    expect(new NativeObservations({ factor: 1.1 }).snapshot().schema).toBe(3);
    expect(new NativeObservations({ factor: 1e9 }).snapshot().schema).toBe(-4);
  });

  it("puts observations into buckets, spans and the zero bucket", () => {
    const observations = new NativeObservations({ factor: 2, zeroThreshold: 0.001 });
    for (const value of [0, 0.0005, 1, 3, 4, 100, -3]) observations.observe(value);
    expect(observations.snapshot()).toMatchObject({
      zeroCount: 2,
      count: 7,
      positiveSpans: [
        { offset: 0, length: 3 },
        { offset: 4, length: 1 },
      ],
      positiveBuckets: [1, 0, 2, 1],
      negativeSpans: [{ offset: 2, length: 1 }],
      negativeBuckets: [1],
    });
  });

  it("is sound for whatever is observed, and within its number of buckets", () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 300 }),
        fc.integer({ min: 8, max: 40 }),
        (values, maxBuckets) => {
          const observations = new NativeObservations({ factor: 1.05, maxBuckets });
          for (const v of values) observations.observe(v);
          const histogram = observations.snapshot();
          expect(nativeHistogramProblem(histogram)).toBe(undefined);
          expect(histogram.count).toBe(values.length);
          const used = [...histogram.positiveBuckets, ...histogram.negativeBuckets].filter(
            (n) => n > 0,
          ).length;
          if (histogram.schema > -4) expect(used).toBeLessThanOrEqual(maxBuckets);
        },
      ),
      { seed: 42, numRuns: 200 },
    );
  });

  it("keeps each observation inside the bounds of its bucket after halving", () => {
    const observations = new NativeObservations({ factor: 1.01, maxBuckets: 4 });
    for (const value of [1, 10, 100, 1000, 10_000]) observations.observe(value);
    const { schema, positiveSpans } = observations.snapshot();
    const first = positiveSpans[0]?.offset as number;
    expect(bucketUpperBound(schema, first - 1)).toBeLessThan(1);
    expect(bucketUpperBound(schema, first)).toBeGreaterThanOrEqual(1);
  });
});
