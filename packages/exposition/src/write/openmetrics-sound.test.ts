import { Labels, type MetricFamily, nativeHistogram } from "@linklight/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import { layout } from "../layout.ts";
import { parseFamilies } from "../parse-families.ts";
import { writeFamilies } from "../writer.ts";

const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 9 }), fc.constant(Number.NaN));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const exemplar = fc.record({
  labels: fc
    .string({ unit: "binary", maxLength: 140 })
    .map((trace) => Labels.from({ trace_id: trace })),
  value,
  timestamp: value,
});

const metric = fc.record({
  value,
  timestamp: maybe(value),
  createdTimestamp: maybe(value),
  exemplar: maybe(exemplar),
  buckets: fc.array(fc.record({ upperBound: value, cumulativeCount: value }), { maxLength: 3 }),
  isComplete: fc.boolean(),
  quantiles: fc.array(fc.record({ quantile: value, value }), { maxLength: 3 }),
  sum: maybe(value),
  count: maybe(value),
});

const family = fc
  .record({
    type: fc.constantFrom<MetricFamily["type"]>(
      "counter",
      "gauge",
      "histogram",
      "gaugehistogram",
      "summary",
      "info",
      "stateset",
      "unknown",
    ),
    metrics: fc.array(metric, { maxLength: 4 }),
    unit: fc.constantFrom("", "bytes", "no unit\n"),
    help: fc.string({ unit: "binary" }),
  })
  .map(({ metrics, ...info }) => ({
    ...info,
    metrics: metrics.map(({ isComplete, buckets, sum, count, ...m }, i) => ({
      labels: Labels.from({ i: String(i) }),
      value: m.value,
      ...(m.timestamp !== undefined && { timestamp: m.timestamp }),
      ...(m.createdTimestamp !== undefined && { createdTimestamp: m.createdTimestamp }),
      ...(m.exemplar !== undefined && { exemplar: m.exemplar }),
      ...(info.type.endsWith("histogram") && {
        buckets: isComplete
          ? [...buckets, { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: count ?? 9 }]
          : buckets,
        native: nativeHistogram({ count: i, sum: m.value }),
      }),
      ...(info.type === "summary" && { quantiles: m.quantiles }),
      ...(info.type === "stateset" && { states: [{ state: "UP", enabled: true }] }),
      ...(sum !== undefined && { sum }),
      ...(count !== undefined && { count }),
    })),
  }));

/** `value` decides the shape of a metric, so it goes where another shape is meant. */
function shaped(list: readonly object[], type: MetricFamily["type"]): object[] {
  const isNumber = ["counter", "gauge", "info", "unknown"].includes(type);
  return list.map((m) => (isNumber ? m : { ...m, value: undefined })).map(withoutUndefined);
}

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, v]) => v !== undefined));
}

const names = ["a", "a_total", "a_info", "b_bytes", "b_bytes_total", "c:d"];

it("lets a strict reader accept an exposition of any values", () => {
  fc.assert(
    fc.property(fc.array(family, { maxLength: 4 }), fc.shuffledSubarray(names), (list, unique) => {
      const families = list.slice(0, unique.length).map((f, i) => ({
        ...f,
        name: unique[i] as string,
        metrics: shaped(f.metrics, f.type),
      })) as unknown as MetricFamily[];
      const bytes = writeFamilies(families, layout("openmetrics-1.0.0"));
      expect(parseFamilies("openmetrics-1.0.0", bytes).length).toBe(families.length);
    }),
    { seed: 42, numRuns: 1000 },
  );
});
