import { Labels, type MetricFamily, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { layout } from "../layout.ts";
import { parseFamilies } from "../parse-families.ts";
import { tabulate } from "../tabulate.ts";
import { ExpositionWriter, writeFamilies } from "../writer.ts";
import { ProtobufEncoder, varintSize, writeVarint } from "./protobuf-encoder.ts";

const labels = (record: Record<string, string>) => Labels.from(record);

/** A message drawn by hand: numbers are bytes, strings UTF-8, and arrays are preceded by their length. */
type Drawn = readonly (number | string | Drawn)[];

function bytesOf(drawn: Drawn): number[] {
  return drawn.flatMap((item) => {
    if (typeof item === "number") return [item];
    const bytes = typeof item === "string" ? [...Buffer.from(item)] : bytesOf(item);
    return [bytes.length, ...bytes];
  });
}

function double(value: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [...bytes];
}

function written(family: MetricFamily, escaping: "underscores" | "allow-utf-8" = "underscores") {
  return [...writeFamilies([family], layout("protobuf", escaping))];
}

const NAME = 0x0a;
const HELP = 0x12;
const TYPE = 0x18;
const METRIC = 0x22;
const UNIT = 0x2a;
const LABEL = 0x0a;

describe("protobuf", () => {
  it("shows a counter with labels, exemplar and created timestamp", () => {
    const family: MetricFamily = {
      name: "rx_bytes_total",
      type: "counter",
      help: "Bytes é",
      unit: "bytes",
      metrics: [
        {
          labels: labels({ port: "1", site: "é" }),
          value: 2.5,
          timestamp: -1,
          createdTimestamp: 1000.5,
          exemplar: { labels: labels({ a: "b" }), value: 1, timestamp: 2000 },
        },
      ],
    };
    const exemplar: Drawn = [LABEL, [0x0a, "a", 0x12, "b"], 0x11, ...double(1), 0x1a, [0x08, 2]];
    // 500 µs are 500,000 ns.
    const created: Drawn = [0x08, 1, 0x10, 0xa0, 0xc2, 0x1e];
    const metric: Drawn = [
      LABEL,
      [0x0a, "port", 0x12, "1"],
      LABEL,
      [0x0a, "site", 0x12, "é"],
      0x1a,
      [0x09, ...double(2.5), 0x12, exemplar, 0x1a, created],
      0x30,
      ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ];
    expect(written(family)).toEqual(
      bytesOf([[NAME, "rx_bytes_total", HELP, "Bytes é", TYPE, 0, UNIT, "bytes", METRIC, metric]]),
    );
  });

  it("shows infos and state sets as gauges, a metric for each state", () => {
    const family: MetricFamily = {
      name: "link",
      type: "stateset",
      help: "",
      unit: "",
      metrics: [
        {
          labels: labels({ a: "1", z: "2" }),
          states: [
            { state: "DOWN", enabled: false },
            { state: "UP", enabled: true },
          ],
        },
      ],
    };
    const metric = (state: string, value: number): Drawn => [
      LABEL,
      [0x0a, "a", 0x12, "1"],
      LABEL,
      [0x0a, "link", 0x12, state],
      LABEL,
      [0x0a, "z", 0x12, "2"],
      0x12,
      [0x09, ...double(value)],
    ];
    expect(written(family)).toEqual(
      bytesOf([[NAME, "link", TYPE, 1, METRIC, metric("DOWN", 0), METRIC, metric("UP", 1)]]),
    );
  });

  it("shows the deltas of a native histogram's buckets", () => {
    const native = nativeHistogram({
      schema: -1,
      zeroThreshold: 0.5,
      zeroCount: 1,
      count: 9,
      sum: 3,
      positiveSpans: [{ offset: -2, length: 2 }],
      positiveBuckets: [5, 3],
    });
    const family: MetricFamily = {
      name: "h",
      type: "histogram",
      help: "",
      unit: "",
      metrics: [{ labels: Labels.EMPTY, buckets: [], native }],
    };
    const histogram: Drawn = [
      ...[0x08, 9],
      ...[0x11, ...double(3)],
      ...[0x28, 1],
      ...[0x31, ...double(0.5)],
      ...[0x38, 1],
      0x62,
      [0x08, 3, 0x10, 2],
      ...[0x68, 10],
      ...[0x68, 3],
    ];
    expect(written(family)).toEqual(bytesOf([[NAME, "h", TYPE, 4, METRIC, [0x3a, histogram]]]));
  });

  it("marks an empty native histogram by an empty span", () => {
    const family: MetricFamily = {
      name: "h",
      type: "gaugehistogram",
      help: "",
      unit: "",
      metrics: [{ labels: Labels.EMPTY, buckets: [], native: nativeHistogram() }],
    };
    const histogram: Drawn = [
      ...[0x08, 0, 0x11, ...double(0), 0x28, 0, 0x31, ...double(0), 0x38, 0],
      0x62,
      [0x08, 0, 0x10, 0],
    ];
    expect(written(family)).toEqual(bytesOf([[NAME, "h", TYPE, 5, METRIC, [0x3a, histogram]]]));
  });

  it("shows custom buckets, for which it has no fields, as classic ones", () => {
    const native = nativeHistogram({
      schema: -53,
      count: 3,
      sum: 4,
      customValues: [1],
      positiveSpans: [{ offset: 0, length: 2 }],
      positiveBuckets: [1, 2],
    });
    const family: MetricFamily = {
      name: "h",
      type: "histogram",
      help: "",
      unit: "",
      metrics: [{ labels: Labels.EMPTY, buckets: [], native }],
    };
    const histogram: Drawn = [
      ...[0x08, 3, 0x11, ...double(4)],
      0x1a,
      [0x08, 1, 0x11, ...double(1)],
      0x1a,
      [0x08, 3, 0x11, ...double(Number.POSITIVE_INFINITY)],
    ];
    expect(written(family)).toEqual(bytesOf([[NAME, "h", TYPE, 4, METRIC, [0x3a, histogram]]]));
  });

  it("escapes names as the reader asks", () => {
    const family: MetricFamily = {
      name: "a.b",
      type: "unknown",
      help: "",
      unit: "",
      metrics: [{ labels: labels({ "c.d": "e" }), value: 1 }],
    };
    const drawn = (name: string, label: string): number[] =>
      bytesOf([
        [
          NAME,
          name,
          TYPE,
          3,
          METRIC,
          [LABEL, [0x0a, label, 0x12, "e"], 0x2a, [0x09, ...double(1)]],
        ],
      ]);
    expect(written(family)).toEqual(drawn("a_b", "c_d"));
    expect(written(family, "allow-utf-8")).toEqual(drawn("a.b", "c.d"));
  });

  it("shows a family without metrics, and nothing without families", () => {
    const family: MetricFamily = { name: "m", type: "gauge", help: "", unit: "", metrics: [] };
    expect(written(family)).toEqual(bytesOf([[NAME, "m", TYPE, 1]]));
    expect(writeFamilies([], layout("protobuf")).length).toBe(0);
  });
});

describe("ProtobufEncoder", () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [2 ** 53, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
  ])("writes %d as a varint", (value, bytes) => {
    const buffer = new Uint8Array(10);
    expect([...buffer.subarray(0, writeVarint(buffer, 0, value))]).toEqual(bytes);
    expect(varintSize(value)).toBe(bytes.length);
  });

  it.each([
    [0, [0]],
    [-1, [1]],
    [1, [2]],
    [-64, [0x7f]],
    [64, [0x80, 0x01]],
    [2 ** 53, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
    [-(2 ** 53), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]],
  ])("writes %d in zigzag", (value, bytes) => {
    const encoder = new ProtobufEncoder();
    encoder.zigzag(1, value);
    expect([...encoder.bytes]).toEqual([0x08, ...bytes]);
  });

  it("grows, and begins anew", () => {
    const encoder = new ProtobufEncoder();
    for (let i = 0; i < 2000; i++) encoder.double(1, i);
    encoder.text(20, "x".repeat(10_000));
    expect(encoder.length).toBe(2000 * 9 + 10_000 + 4);
    expect([...encoder.bytes.subarray(0, 5)]).toEqual([0xa2, 0x01, 0x90, 0x4e, 0x78]);
    encoder.reset();
    expect(encoder.length).toBe(0);
  });
});

describe("a large family in protobuf", () => {
  it("gives others a turn while a large family is measured, whatever is written beside it", () => {
    const family = (name: string, size: number): MetricFamily => ({
      name,
      type: "gauge",
      help: "",
      unit: "",
      metrics: Array.from({ length: size }, (_, i) => ({
        labels: Labels.from({ port: String(i) }),
        value: i,
      })),
    });
    const families = [family("small", 1), family("large", 10_000), family("last", 2)];
    const tables = families.map(tabulate);
    const writers = [0, 1].map(() => new ExpositionWriter(tables, layout("protobuf")));
    const sent = writers.map((): Uint8Array[] => []);
    for (let open = 2; open > 0; ) {
      open = 0;
      writers.forEach((writer, i) => {
        const block = writer.next();
        if (block === undefined) return;
        open += 1;
        sent[i]?.push(block);
      });
    }
    for (const blocks of sent) {
      expect(blocks.slice(0, 3).map(({ length }) => length > 0)).toEqual([true, false, true]);
      expect(parseFamilies("protobuf", Buffer.concat(blocks))).toEqual(families);
    }
  });
});
