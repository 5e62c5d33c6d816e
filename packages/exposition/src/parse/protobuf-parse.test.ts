import { Labels } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Entry, ExpositionError } from "../entry-parser.ts";
import { checkFamilies, parseFamilies } from "../parse-families.ts";
import { ProtobufParser } from "./protobuf-parse.ts";

/** A message as the concatenation of its fields. */
const message = (...fields: Uint8Array[]): Uint8Array => Buffer.concat(fields);

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const tag = (field: number, wire: number): Uint8Array => varint(field * 8 + wire);
const whole = (field: number, value: number | bigint): Uint8Array =>
  message(tag(field, 0), varint(value));
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const block = (field: number, bytes: Uint8Array): Uint8Array =>
  message(tag(field, 2), varint(bytes.length), bytes);
const text = (field: number, value: string): Uint8Array => block(field, Buffer.from(value));

function double(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

const real = (field: number, value: number): Uint8Array => message(tag(field, 1), double(value));
const delimited = (bytes: Uint8Array): Uint8Array => message(varint(bytes.length), bytes);
const label = (name: string, value: string): Uint8Array =>
  block(1, message(text(1, name), text(2, value)));
const exemplar = (field: number): Uint8Array =>
  block(
    field,
    message(
      label("trace_id", "x"),
      real(2, 0.5),
      block(3, message(whole(1, 10), whole(2, 250_000))),
    ),
  );

const COUNTER = delimited(
  message(
    text(1, "a_total"),
    text(2, "Things."),
    whole(3, 0),
    text(5, "things"),
    block(
      4,
      message(
        label("b", 'c"'),
        block(3, message(real(1, 5), exemplar(2), block(3, whole(1, 7)))),
        whole(6, -3),
      ),
    ),
    // A field that a later version may bring, in each wire type.
    whole(100, 1),
    text(101, "x"),
    real(102, 1),
    message(tag(103, 5), Uint8Array.of(1, 2, 3, 4)),
  ),
);
const HISTOGRAM_FIELDS = [
  whole(1, 6),
  real(2, 9.5),
  block(3, message(whole(1, 2), real(2, 1), exemplar(3))),
];
const CLASSIC = delimited(
  message(text(1, "h"), whole(3, 4), block(4, block(7, message(...HISTOGRAM_FIELDS)))),
);
const NATIVE = delimited(
  message(
    text(1, "n"),
    whole(3, 5),
    block(
      4,
      block(
        7,
        message(
          ...HISTOGRAM_FIELDS,
          whole(5, zigzag(-2)),
          real(6, 0.001),
          whole(7, 1),
          block(9, message(whole(1, zigzag(-5)), whole(2, 1))),
          whole(10, zigzag(1)),
          block(12, message(whole(1, zigzag(2)), whole(2, 2))),
          block(13, message(varint(zigzag(3)), varint(zigzag(-2)))),
          exemplar(16),
        ),
      ),
    ),
  ),
);
const SUMMARY = delimited(
  message(
    text(1, "s"),
    whole(3, 2),
    block(
      4,
      block(4, message(whole(1, 3), real(2, 4), block(3, message(real(1, 0.5), real(2, 1))))),
    ),
  ),
);
const UTF8 = delimited(
  message(text(1, "a.b"), whole(3, 1), block(4, message(label("c.d", "é"), block(2, real(1, 1))))),
);
const ALL = message(COUNTER, CLASSIC, NATIVE, SUMMARY, UTF8);

const NATIVE_HISTOGRAM = {
  schema: -2,
  zeroThreshold: 0.001,
  zeroCount: 1,
  count: 6,
  sum: 9.5,
  positiveSpans: [{ offset: 2, length: 2 }],
  positiveBuckets: [3, 1],
  negativeSpans: [{ offset: -5, length: 1 }],
  negativeBuckets: [1],
  customValues: [],
  counterResetHint: "gauge",
  isFloat: false,
};
const EXEMPLAR = { labels: Labels.from({ trace_id: "x" }), value: 0.5, timestamp: 10_000.25 };

function entriesOf(bytes: Uint8Array): string[] {
  const parser = new ProtobufParser(bytes);
  const entries: string[] = [];
  for (;;) {
    const kind = parser.next();
    if (kind === Entry.END) return entries;
    const series = Buffer.from(parser.bytes).toString("utf8", parser.seriesStart, parser.seriesEnd);
    if (kind === Entry.SERIES)
      entries.push(`${series} ${parser.value}${parser.hasTimestamp ? ` ${parser.timestamp}` : ""}`);
    else if (kind === Entry.HISTOGRAM) entries.push(`${series} native ${parser.histogram().count}`);
    else if (kind === Entry.TYPE)
      entries.push(`TYPE ${parser.metricName()} ${parser.metricType()}`);
    else
      entries.push(
        `${kind === Entry.HELP ? "HELP" : "UNIT"} ${parser.metricName()} ${parser.text()}`,
      );
  }
}

describe("ProtobufParser", () => {
  it("yields the entries that Prometheus' parser yields", () => {
    expect(entriesOf(ALL)).toEqual([
      "HELP a_total Things.",
      "UNIT a_total things",
      "TYPE a_total counter",
      'a_total{b="c\\""} 5 -3',
      "HELP h ",
      "TYPE h histogram",
      "h_count 6",
      "h_sum 9.5",
      'h_bucket{le="1.0"} 2',
      'h_bucket{le="+Inf"} 6',
      "HELP n ",
      "TYPE n gaugehistogram",
      "n native 6",
      "n_count 6",
      "n_sum 9.5",
      'n_bucket{le="1.0"} 2',
      'n_bucket{le="+Inf"} 6',
      "HELP s ",
      "TYPE s summary",
      "s_count 3",
      "s_sum 4",
      's{quantile="0.5"} 1',
      "HELP a.b ",
      "TYPE a.b gauge",
      '{"a.b","c.d"="é"} 1',
    ]);
  });

  it("gives labels, exemplars and created timestamps on demand", () => {
    const parser = new ProtobufParser(COUNTER);
    while (parser.next() !== Entry.SERIES);
    expect([parser.labels().toJSON(), parser.exemplars(), parser.createdTimestamp()]).toEqual([
      { __name__: "a_total", b: 'c"' },
      [EXEMPLAR],
      7000,
    ]);
  });

  it("gives the native histogram and its exemplars", () => {
    const parser = new ProtobufParser(NATIVE);
    while (parser.next() !== Entry.HISTOGRAM);
    expect([parser.histogram(), parser.exemplars(), parser.labels().toJSON()]).toEqual([
      NATIVE_HISTOGRAM,
      [EXEMPLAR],
      { __name__: "n" },
    ]);
  });

  it("takes counts that are sent as floats for a float histogram", () => {
    const fields = message(
      real(4, 2.5),
      block(3, message(real(4, 1.5), real(2, 1))),
      real(8, 0.5),
      block(12, message(whole(1, zigzag(0)), whole(2, 2))),
      message(tag(14, 1), double(1.5), tag(14, 1), double(0.5)),
      block(9, message(whole(2, 1))),
      block(11, double(0)),
    );
    const bytes = delimited(message(text(1, "f"), whole(3, 4), block(4, block(7, fields))));
    const parser = new ProtobufParser(bytes);
    while (parser.next() !== Entry.HISTOGRAM);
    const { isFloat, count, zeroCount, positiveBuckets, negativeBuckets } = parser.histogram();
    expect([isFloat, count, zeroCount, positiveBuckets, negativeBuckets]).toEqual([
      true,
      2.5,
      0.5,
      [1.5, 0.5],
      [0],
    ]);
    expect(entriesOf(bytes).slice(3)).toEqual([
      "f_count 2.5",
      "f_sum 0",
      'f_bucket{le="1.0"} 1.5',
      'f_bucket{le="+Inf"} 2.5',
    ]);
  });

  it("refuses a label name that occurs twice when the labels are asked for", () => {
    const metric = message(label("b", "1"), label("b", "2"), block(2, real(1, 1)));
    const parser = new ProtobufParser(
      delimited(message(text(1, "a"), whole(3, 1), block(4, metric))),
    );
    while (parser.next() !== Entry.SERIES);
    expect(() => parser.labels()).toThrow('label name "b" occurs twice in a label set');
    expect(() => parser.histogram()).toThrow(TypeError);
    expect(parser.exemplars()).toEqual([]);
  });

  it("has room for a series of any length", () => {
    const value = "x".repeat(10_000);
    const metric = message(label("b", value), block(2, real(1, 1)));
    expect(entriesOf(delimited(message(text(1, "a"), whole(3, 1), block(4, metric))))[2]).toBe(
      `a{b="${value}"} 1`,
    );
  });

  it("passes over families without metrics", () => {
    expect(entriesOf(delimited(text(1, "a")))).toEqual([]);
  });

  it.each<[string, Uint8Array, string]>([
    [
      "a length beyond the input",
      Uint8Array.of(200, 1, 0),
      "1:0: a length of 200 bytes, but only 1 are left",
    ],
    ["an endless varint", Buffer.alloc(12, 0xff), "1:0: a varint is longer than 10 bytes"],
    ["a varint cut off", Uint8Array.of(0x80), "1:0: a varint is cut off by the end of its message"],
    ["field number 0", Uint8Array.of(1, 0), "1:1: invalid field number 0"],
    ["a group", Uint8Array.of(1, 0x0b), "1:2: field 1 has wire type 3: expected 2"],
    [
      "an unknown type",
      delimited(message(text(1, "a"), whole(3, 9))),
      "1:5: unknown metric type 9",
    ],
    ["no name", delimited(whole(3, 1)), "1:1: a metric family has no name"],
    [
      "bytes that are not UTF-8",
      delimited(block(1, Uint8Array.of(0xff))),
      "1:3: a text is not valid UTF-8",
    ],
    [
      "a span of four thousand million buckets",
      delimited(
        message(text(1, "n"), whole(3, 4), block(4, block(7, block(12, whole(2, 0xffff_ffff))))),
      ),
      "1:18: the positive spans of a native histogram need 4294967295 buckets, but it has 0",
    ],
    [
      "the second message by its number",
      message(SUMMARY, Uint8Array.of(1, 0)),
      `2:${SUMMARY.length + 1}: invalid field number 0`,
    ],
  ])("reports %s", (_, bytes, expected) => {
    expect(() => entriesOf(bytes)).toThrow(
      new ExpositionError(
        expected.replace(/^\d+:\d+: /, ""),
        ...(expected.split(":", 2).map(Number) as [number, number]),
      ),
    );
  });

  it("ends by a result or an ExpositionError whatever the bytes are", () => {
    const mutated = fc
      .array(fc.tuple(fc.nat(ALL.length - 1), fc.nat(255)), { maxLength: 6 })
      .map((changes) => {
        const bytes = Uint8Array.from(ALL);
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    const property = fc.property(mutated, fc.nat(ALL.length), (bytes, length) => {
      checkFamilies("protobuf", bytes.subarray(0, length));
      expect(problemOf(() => entriesOf(bytes.subarray(0, length)))).toBe("none");
    });
    fc.assert(property, { seed: 42, numRuns: 3000 });
  });
});

function problemOf(step: () => unknown): string {
  try {
    step();
    return "none";
  } catch (error) {
    return error instanceof ExpositionError ? "none" : String(error);
  }
}

describe("parseFamilies of protobuf", () => {
  it("puts families together", () => {
    const buckets = [
      { upperBound: 1, cumulativeCount: 2, exemplar: EXEMPLAR },
      { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 6 },
    ];
    const labels = Labels.EMPTY;
    expect(parseFamilies("protobuf", ALL)).toEqual([
      {
        name: "a_total",
        type: "counter",
        help: "Things.",
        unit: "things",
        metrics: [
          {
            labels: Labels.from({ b: 'c"' }),
            timestamp: -3,
            createdTimestamp: 7000,
            value: 5,
            exemplar: EXEMPLAR,
          },
        ],
      },
      {
        name: "h",
        type: "histogram",
        help: "",
        unit: "",
        metrics: [{ labels, buckets, sum: 9.5, count: 6 }],
      },
      {
        name: "n",
        type: "gaugehistogram",
        help: "",
        unit: "",
        metrics: [
          { labels, buckets, sum: 9.5, count: 6, native: NATIVE_HISTOGRAM, exemplars: [EXEMPLAR] },
        ],
      },
      {
        name: "s",
        type: "summary",
        help: "",
        unit: "",
        metrics: [{ labels, quantiles: [{ quantile: 0.5, value: 1 }], sum: 4, count: 3 }],
      },
      {
        name: "a.b",
        type: "gauge",
        help: "",
        unit: "",
        metrics: [{ labels: Labels.from({ "c.d": "é" }), value: 1 }],
      },
    ]);
  });

  it("reports what stands twice, and goes on", () => {
    const twice = delimited(
      message(
        text(1, "g"),
        whole(3, 1),
        block(4, block(2, real(1, 1))),
        block(4, block(2, real(1, 2))),
      ),
    );
    expect(
      checkFamilies("protobuf", message(twice, SUMMARY, SUMMARY)).problems.map((p) => p.problem),
    ).toEqual(["the metric g{} was already given", "second message for metric family s"]);
  });
});
