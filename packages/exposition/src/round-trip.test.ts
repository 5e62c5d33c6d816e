import { Labels, type MetricFamily, type NativeHistogram, nativeHistogram } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EscapingScheme, layout } from "./layout.ts";
import { parseFamilies } from "./parse-families.ts";
import { tabulate } from "./tabulate.ts";
import { ExpositionWriter, writeFamilies } from "./writer.ts";

const name = fc.stringMatching(/^[a-z]{1,6}$/);
const value = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constant(Number.NaN));
const timestamp = fc.integer({ min: 0, max: 2_000_000_000_000 });
const count = fc.nat(1000);

const labelValue = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
  fc.constantFrom('"', "\\", "\n", "\\n", "é", "🌡", "}", "{", ",", "#", " "),
);
const utf8Name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 });

function labelsOf(labelName: fc.Arbitrary<string>): fc.Arbitrary<Labels> {
  return fc
    .array(fc.tuple(labelName, labelValue), { maxLength: 3 })
    .map((pairs) => Labels.from(new Map(pairs)))
    .filter((labels) => !["__name__", "le", "quantile"].some((n) => labels.has(n)));
}

const exemplar = fc.record(
  {
    labels: labelsOf(fc.constantFrom("trace_id", "span_id")),
    value: fc.constant(0),
    timestamp,
  },
  { requiredKeys: ["labels", "value"] },
);

const bounds = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 4 })
  .map((all) => [...all.map((b) => b / 8).sort((a, b) => a - b), Number.POSITIVE_INFINITY]);

const native: fc.Arbitrary<NativeHistogram> = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    zeroThreshold: fc.constantFrom(0, 1e-128),
    zeroCount: count,
    positive: fc.array(count, { maxLength: 5 }),
    negative: fc.array(count, { maxLength: 5 }),
    offset: fc.integer({ min: -1000, max: 1000 }),
    isFloat: fc.boolean(),
    sum: fc.double({ noNaN: true }),
  })
  .map(({ positive, negative, offset, ...rest }) =>
    nativeHistogram({
      ...rest,
      count: [...positive, ...negative].reduce((a, b) => a + b, rest.zeroCount),
      positiveSpans: positive.length === 0 ? [] : [{ offset, length: positive.length }],
      positiveBuckets: positive,
      negativeSpans: negative.length === 0 ? [] : [{ offset: -offset, length: negative.length }],
      negativeBuckets: negative,
    }),
  );

interface Given {
  /** Of metric and label names. */
  readonly names: fc.Arbitrary<string>;
  readonly natives: boolean;
}

function family({ names, natives }: Given): fc.Arbitrary<MetricFamily> {
  const base = { labels: labelsOf(names) };
  const optional = (
    required: Record<string, fc.Arbitrary<unknown>>,
    more: Record<string, fc.Arbitrary<unknown>> = {},
  ): fc.Arbitrary<object> =>
    fc.record({ ...required, timestamp, ...more }, { requiredKeys: Object.keys(required) as [] });
  const created = { createdTimestamp: timestamp };
  const number = optional({ ...base, value });
  const notNegative = fc.double({ min: 0, noNaN: true }).map((v) => v + 0);
  const counter = optional({ ...base, value: notNegative }, { ...created, exemplar });
  const histogram = (more: Record<string, fc.Arbitrary<unknown>>) =>
    fc
      .tuple(bounds, fc.array(count, { minLength: 5, maxLength: 5 }), fc.nat(1e6), base.labels)
      .chain(([uppers, counts, sum, labels]) => {
        let cumulative = 0;
        const buckets = uppers.map((upperBound, i) => {
          cumulative += counts[i] as number;
          return { upperBound, cumulativeCount: cumulative };
        });
        const fields = { labels, buckets, sum: sum / 4, count: cumulative };
        return optional({ fields: fc.constant(fields) }, more).map(
          ({ fields: f, ...rest }: { fields?: object }) => ({ ...f, ...rest }),
        );
      });
  const nativeOnly = fc.tuple(base.labels, native).map(([labels, n]) => ({
    labels,
    buckets: [],
    native: n,
    sum: n.sum,
    count: n.count,
  }));
  const summary = optional(
    {
      ...base,
      quantiles: fc
        .uniqueArray(fc.constantFrom(0, 0.5, 0.99, 1), { maxLength: 3 })
        .map((qs) => qs.sort((a, b) => a - b).map((quantile) => ({ quantile, value: 1 / 3 }))),
      sum: notNegative,
      count,
    },
    created,
  );
  const stateset = fc
    .tuple(fc.uniqueArray(labelValue, { minLength: 1, maxLength: 3 }), fc.array(base.labels))
    .map(([states, all]) =>
      all.map((labels) => ({
        labels,
        states: states.map((state, i) => ({ state, enabled: i === 1 })),
      })),
    );
  const many = (metric: fc.Arbitrary<object>) => fc.array(metric, { maxLength: 4 });
  const metrics = fc.oneof(
    fc.tuple(fc.constantFrom("gauge", "unknown"), many(number)),
    fc.tuple(fc.constant("counter"), many(counter)),
    fc.tuple(fc.constant("info"), many(optional({ ...base, value: fc.constant(1) }))),
    fc.tuple(
      fc.constant("histogram"),
      many(natives ? fc.oneof(histogram(created), nativeOnly) : histogram(created)),
    ),
    fc.tuple(
      fc.constant("gaugehistogram"),
      many(natives ? fc.oneof(histogram({}), nativeOnly) : histogram({})),
    ),
    fc.tuple(fc.constant("summary"), many(summary)),
    fc.tuple(fc.constant("stateset"), stateset),
  );
  const suffixes: Record<string, string> = { counter: "_total", info: "_info" };
  return fc
    .tuple(names, metrics, fc.string({ unit: "binary", maxLength: 10 }))
    .map(([n, [type, list], help]) => {
      const labelName = type === "stateset" ? n : "";
      const seen = new Set<string>();
      const unique = (list as { labels: Labels }[]).filter(({ labels }) => {
        const fresh = !seen.has(labels.key) && !labels.has(labelName);
        seen.add(labels.key);
        return fresh;
      });
      return { name: `${n}${suffixes[type] ?? ""}`, type, help, unit: "", metrics: unique };
    }) as unknown as fc.Arbitrary<MetricFamily>;
}

// A prefix by position keeps the names of families apart.
function families(given: Given): fc.Arbitrary<MetricFamily[]> {
  return fc
    .array(family(given), { maxLength: 4 })
    .map((list) => list.map((f, i) => ({ ...f, name: `f${i}_${f.name}` }) as MetricFamily));
}

const legacy: Given = { names: name, natives: false };

/** Each series with its values, in no order, without what a format does not carry. */
function text(list: readonly MetricFamily[], keep: (key: string) => boolean): unknown {
  return list.map((f) => ({
    ...f,
    metrics: f.metrics
      .map((m) => JSON.stringify(m, (key, v) => (keep(key) ? plain(key, v) : undefined)))
      .sort(),
  }));
}

function plain(key: string, v: unknown): unknown {
  // OpenMetrics has them in seconds, as doubles: the last digits are lost on the way to milliseconds.
  if (key === "createdTimestamp" || key === "timestamp") return Math.round(v as number);
  if (typeof v === "object" && v !== null && !Array.isArray(v)) {
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return typeof v === "number" && !Number.isFinite(v) ? String(v) : Object.is(v, -0) ? "-0" : v;
}

const write = (
  list: readonly MetricFamily[],
  format: Parameters<typeof layout>[0],
  escaping: EscapingScheme = "underscores",
) => writeFamilies(list, layout(format, escaping));

describe("what is written is read back", () => {
  it("in text 0.0.4, but for types and what it has no words for", () => {
    const typed = (list: readonly MetricFamily[]) =>
      list.filter((f) => ["counter", "gauge", "histogram", "summary", "unknown"].includes(f.type));
    const keep = (key: string) => key !== "createdTimestamp" && key !== "exemplar";
    fc.assert(
      fc.property(families(legacy), (list) => {
        const given = typed(list);
        const read = parseFamilies("text-0.0.4", write(given, "text-0.0.4"));
        expect(text(read, keep)).toEqual(text(given, keep));
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it("in OpenMetrics, all of it", () => {
    fc.assert(
      fc.property(families(legacy), (list) => {
        const read = parseFamilies("openmetrics-1.0.0", write(list, "openmetrics-1.0.0"));
        expect(text(read, () => true)).toEqual(text(list, () => true));
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it("in text 1.0.0 and in OpenMetrics with any UTF-8 names", () => {
    const formats = fc.constantFrom("text-1.0.0" as const, "openmetrics-1.0.0" as const);
    fc.assert(
      fc.property(families({ names: utf8Name, natives: false }), formats, (list, format) => {
        const given = list.filter((f) => ["counter", "gauge", "unknown"].includes(f.type));
        const read = parseFamilies(format, write(given, format, "allow-utf-8"));
        const keep = (key: string) => key !== "createdTimestamp" && key !== "exemplar";
        expect(text(read, keep)).toEqual(text(given, keep));
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it("in every format under every escaping, whatever the names", () => {
    const formats = fc.constantFrom(
      "text-0.0.4" as const,
      "text-1.0.0" as const,
      "openmetrics-1.0.0" as const,
      "protobuf" as const,
    );
    const escapings = fc.constantFrom<EscapingScheme>(
      "underscores",
      "dots",
      "values",
      "allow-utf-8",
    );
    fc.assert(
      fc.property(
        families({ names: utf8Name, natives: true }),
        formats,
        escapings,
        (list, f, e) => {
          // Escaping may make two series of different labels the same: one of each family remains.
          const given = list.map((x) => ({ ...x, metrics: x.metrics.slice(0, 1) }) as MetricFamily);
          expect(parseFamilies(f, write(given, f, e)).length).toBeGreaterThanOrEqual(given.length);
        },
      ),
      { seed: 42, numRuns: 500 },
    );
  });

  it("in blocks of any size, byte for byte", () => {
    const formats = fc.constantFrom(
      "text-0.0.4" as const,
      "openmetrics-1.0.0" as const,
      "protobuf" as const,
    );
    const given = families({ names: utf8Name, natives: true });
    fc.assert(
      fc.property(given, formats, fc.integer({ min: 1, max: 400 }), (list, format, blockSize) => {
        const shown = layout(format);
        const writer = new ExpositionWriter(list.map(tabulate), shown, { blockSize });
        const blocks: Uint8Array[] = [];
        for (let b = writer.next(); b !== undefined; b = writer.next()) blocks.push(b);
        expect(blocks.every((b) => b.length > 0)).toBe(true);
        expect(Buffer.concat(blocks)).toEqual(Buffer.from(writeFamilies(list, shown)));
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it("in protobuf, native histograms too", () => {
    fc.assert(
      fc.property(families({ names: utf8Name, natives: true }), (list) => {
        const given = list.filter((f) => f.type !== "stateset" && f.type !== "info");
        const read = parseFamilies("protobuf", write(given, "protobuf", "allow-utf-8"));
        const keep = (key: string) => key !== "counterResetHint";
        expect(text(read, keep)).toEqual(text(given, keep));
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});
