import { Labels, type MetricFamily, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { type EscapingScheme, layout } from "../layout.ts";
import { SeriesList } from "../table.ts";
import { tabulate } from "../tabulate.ts";
import { ExpositionWriter, writeFamilies } from "../writer.ts";

const labels = (record: Record<string, string>) => Labels.from(record);

function text(families: readonly MetricFamily[]): string {
  return Buffer.from(writeFamilies(families, layout("text-0.0.4"))).toString();
}

function textWith(commonLabels: Labels, family: MetricFamily): string {
  const table = tabulate(family);
  const parts = table.parts.map((part) => ({ ...part, commonLabels }));
  const writer = new ExpositionWriter([{ ...table, parts }], layout("text-0.0.4"));
  return Buffer.from(writer.next() ?? []).toString();
}

function text1(families: readonly MetricFamily[], escaping: EscapingScheme): string {
  return Buffer.from(writeFamilies(families, layout("text-1.0.0", escaping))).toString();
}

const port1 = labels({ portnum: "1", speed: "100GBPS", type: "Ethernet" });
const port2 = labels({ portnum: "2", speed: "50GBPS", type: "Ethernet" });

describe("text 0.0.4", () => {
  it("shows the original's families once each, labels in order of their names", () => {
    const families: MetricFamily[] = [
      {
        name: "buffer_level_bytes",
        type: "gauge",
        help: "The number of bytes stored in a buffer",
        unit: "bytes",
        metrics: [
          { labels: port1, value: 2 },
          { labels: port2, value: 8 },
        ],
      },
      {
        name: "rx_packets_total",
        type: "counter",
        help: "The number of packets received",
        unit: "",
        metrics: [
          { labels: port1, value: 20, createdTimestamp: 1657930347428 },
          { labels: port2, value: 40 },
        ],
      },
      {
        name: "port_link_status",
        type: "stateset",
        help: "Link state of an interface (port)",
        unit: "",
        metrics: [
          {
            labels: port1,
            timestamp: 1657930347428,
            states: [
              { state: "DOWN", enabled: false },
              { state: "UP", enabled: true },
            ],
          },
        ],
      },
    ];
    expect(text(families)).toBe(`\
# HELP buffer_level_bytes The number of bytes stored in a buffer
# TYPE buffer_level_bytes gauge
buffer_level_bytes{portnum="1",speed="100GBPS",type="Ethernet"} 2
buffer_level_bytes{portnum="2",speed="50GBPS",type="Ethernet"} 8
# HELP rx_packets_total The number of packets received
# TYPE rx_packets_total counter
rx_packets_total{portnum="1",speed="100GBPS",type="Ethernet"} 20
rx_packets_total{portnum="2",speed="50GBPS",type="Ethernet"} 40
# HELP port_link_status Link state of an interface (port)
# TYPE port_link_status gauge
port_link_status{port_link_status="DOWN",portnum="1",speed="100GBPS",type="Ethernet"} 0 1657930347428
port_link_status{port_link_status="UP",portnum="1",speed="100GBPS",type="Ethernet"} 1 1657930347428
`);
  });

  it("shows every metric type", () => {
    const families: MetricFamily[] = [
      {
        name: "latency_seconds",
        type: "histogram",
        help: "",
        unit: "seconds",
        metrics: [
          {
            labels: labels({ zone: "a", code: "200" }),
            buckets: [
              { upperBound: 0.5, cumulativeCount: 1 },
              { upperBound: 1, cumulativeCount: 2 },
              { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 3 },
            ],
            sum: 4.25,
            count: 3,
          },
        ],
      },
      {
        name: "queue_depth",
        type: "gaugehistogram",
        help: "Depth",
        unit: "",
        metrics: [
          {
            labels: Labels.EMPTY,
            buckets: [{ upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 3 }],
            sum: -4,
            count: 3,
          },
        ],
      },
      {
        name: "rpc_seconds",
        type: "summary",
        help: "",
        unit: "",
        metrics: [
          {
            labels: Labels.EMPTY,
            quantiles: [
              { quantile: 0.5, value: 0.25 },
              { quantile: 0.99, value: Number.NaN },
            ],
            sum: 1e6,
            count: 7,
          },
        ],
      },
      {
        name: "build_info",
        type: "info",
        help: "",
        unit: "",
        metrics: [{ labels: labels({ version: "1" }), value: 1 }],
      },
      {
        name: "anything",
        type: "unknown",
        help: "",
        unit: "",
        metrics: [{ labels: Labels.EMPTY, value: Number.NEGATIVE_INFINITY, timestamp: -1500 }],
      },
    ];
    expect(text(families)).toBe(`\
# TYPE latency_seconds histogram
latency_seconds_bucket{code="200",le="0.5",zone="a"} 1
latency_seconds_bucket{code="200",le="1",zone="a"} 2
latency_seconds_bucket{code="200",le="+Inf",zone="a"} 3
latency_seconds_sum{code="200",zone="a"} 4.25
latency_seconds_count{code="200",zone="a"} 3
# HELP queue_depth Depth
# TYPE queue_depth histogram
queue_depth_bucket{le="+Inf"} 3
# HELP queue_depth_gcount Depth
# TYPE queue_depth_gcount gauge
queue_depth_gcount 3
# HELP queue_depth_gsum Depth
# TYPE queue_depth_gsum gauge
queue_depth_gsum -4
# TYPE rpc_seconds summary
rpc_seconds{quantile="0.5"} 0.25
rpc_seconds{quantile="0.99"} NaN
rpc_seconds_sum 1e+06
rpc_seconds_count 7
# TYPE build_info gauge
build_info{version="1"} 1
# TYPE anything untyped
anything -Inf -1500
`);
  });

  it("shows a native histogram alone by its count and sum", () => {
    const native = nativeHistogram({ count: 2, sum: 3, zeroCount: 2 });
    const family: MetricFamily = {
      name: "h",
      type: "histogram",
      help: "",
      unit: "",
      metrics: [{ labels: Labels.EMPTY, buckets: [], native }],
    };
    expect(text([family])).toBe(`\
# TYPE h histogram
h_bucket{le="+Inf"} 2
h_sum 3
h_count 2
`);
  });

  it("adds the bucket that holds everything where it is missing", () => {
    const family: MetricFamily = {
      name: "h",
      type: "histogram",
      help: "",
      unit: "",
      metrics: [
        { labels: Labels.EMPTY, buckets: [{ upperBound: 1, cumulativeCount: 2 }], count: 5 },
      ],
    };
    expect(text([family])).toBe(`\
# TYPE h histogram
h_bucket{le="1"} 2
h_bucket{le="+Inf"} 5
h_count 5
`);
  });

  it("adds common labels, below the series' own and a line's", () => {
    const family: MetricFamily = {
      name: "s",
      type: "summary",
      help: "",
      unit: "",
      metrics: [
        {
          labels: labels({ site: "own", z: "1" }),
          quantiles: [{ quantile: 0.5, value: 1 }],
        },
      ],
    };
    const common = labels({ site: "common", a: "1", quantile: "common" });
    expect(textWith(common, family)).toBe(`\
# TYPE s summary
s{a="1",quantile="0.5",site="own",z="1"} 1
`);
  });

  it("escapes help texts and label values, and keeps UTF-8", () => {
    const family: MetricFamily = {
      name: "m",
      type: "gauge",
      help: 'a "quote", a \\ and a\nline, 温度 🌡',
      unit: "",
      metrics: [
        { labels: labels({ a: '"\\\n', b: "温度 🌡 é" }), value: 1 },
        { labels: labels({ a: "\u0080\u00ff\uffff\u{10ffff}" }), value: 2 },
      ],
    };
    expect(text([family])).toBe(`\
# HELP m a "quote", a \\\\ and a\\nline, 温度 🌡
# TYPE m gauge
m{a="\\"\\\\\\n",b="温度 🌡 é"} 1
m{a="\u0080\u00ff\uffff\u{10ffff}"} 2
`);
  });

  it("shows metadata once for metrics of different layouts", () => {
    const bucket = (upperBound: number, cumulativeCount: number) => ({
      upperBound,
      cumulativeCount,
    });
    const family: MetricFamily = {
      name: "h",
      type: "histogram",
      help: "",
      unit: "",
      metrics: [
        { labels: labels({ p: "1" }), buckets: [bucket(Number.POSITIVE_INFINITY, 1)], count: 1 },
        {
          labels: labels({ p: "2" }),
          buckets: [bucket(1, 1), bucket(Number.POSITIVE_INFINITY, 1)],
        },
        { labels: labels({ p: "3" }), buckets: [bucket(Number.POSITIVE_INFINITY, 3)], count: 3 },
      ],
    };
    expect(text([family])).toBe(`\
# TYPE h histogram
h_bucket{le="+Inf",p="1"} 1
h_count{p="1"} 1
h_bucket{le="+Inf",p="3"} 3
h_count{p="3"} 3
h_bucket{le="1",p="2"} 1
h_bucket{le="+Inf",p="2"} 1
`);
  });

  it("shows a family without metrics by its metadata", () => {
    expect(text([{ name: "m", type: "gauge", help: "x", unit: "", metrics: [] }])).toBe(
      "# HELP m x\n# TYPE m gauge\n",
    );
  });

  it("is empty without families", () => {
    expect(text([])).toBe("");
  });
});

const utf8Family: MetricFamily = {
  name: "switch.port.rx_total",
  type: "counter",
  help: "",
  unit: "",
  metrics: [
    { labels: Labels.EMPTY, value: 1 },
    { labels: labels({ "a.b": "c", d: "e" }), value: 2 },
  ],
};

describe("text 1.0.0", () => {
  it("quotes names that are not legacy names where the reader allows UTF-8", () => {
    expect(text1([utf8Family], "allow-utf-8")).toBe(`\
# TYPE "switch.port.rx_total" counter
{"switch.port.rx_total"} 1
{"switch.port.rx_total","a.b"="c",d="e"} 2
`);
  });

  it.each([
    ["underscores", "switch_port_rx_total", "a_b"],
    ["dots", "switch_dot_port_dot_rx__total", "a_dot_b"],
    ["values", "U__switch_2e_port_2e_rx__total", "U__a_2e_b"],
  ] as const)("escapes them by %s otherwise", (scheme, name, label) => {
    const pairs = [`${label}="c"`, 'd="e"'].sort().join(",");
    expect(text1([utf8Family], scheme)).toBe(
      `# TYPE ${name} counter\n${name} 1\n${name}{${pairs}} 2\n`,
    );
  });

  it("keeps the label that needed no escaping where two become the same", () => {
    const family: MetricFamily = {
      name: "m",
      type: "gauge",
      help: "",
      unit: "",
      metrics: [{ labels: labels({ "a.b": "escaped", a_b: "own", "a-b": "escaped" }), value: 1 }],
    };
    expect(text1([family], "underscores")).toBe('# TYPE m gauge\nm{a_b="own"} 1\n');
  });

  it("never reaches readers of 0.0.4 unescaped", () => {
    const bytes = writeFamilies([utf8Family], layout("text-0.0.4", "allow-utf-8"));
    expect(Buffer.from(bytes).toString()).toBe(text([utf8Family]));
  });
});

describe("ExpositionWriter", () => {
  const big: MetricFamily = {
    name: "h",
    type: "histogram",
    help: "Some help",
    unit: "",
    metrics: Array.from({ length: 150 }, (_, i) => ({
      labels: labels({ port: String(i), name: "é".repeat(i % 7) }),
      buckets: [
        { upperBound: 1, cumulativeCount: i },
        { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 2 * i },
      ],
      sum: i / 3,
      count: 2 * i,
      ...(i % 3 === 0 && { timestamp: 1000 * i }),
    })),
  };
  const families: MetricFamily[] = [
    { ...big, metrics: big.metrics.map(({ timestamp: _, ...metric }) => metric) } as MetricFamily,
    { ...big, name: "with_timestamps" } as MetricFamily,
    utf8Family,
  ];

  function blocksOf(size: number): Uint8Array[] {
    const writer = new ExpositionWriter(families.map(tabulate), layout("text-0.0.4"), {
      blockSize: size,
    });
    const blocks: Uint8Array[] = [];
    for (let block = writer.next(); block; block = writer.next()) blocks.push(block);
    expect(writer.next()).toBeUndefined();
    return blocks;
  }

  it.each([1, 100, 150, 1000, 4096, 65_536])("gives the same bytes in blocks of %d", (size) => {
    const blocks = blocksOf(size);
    expect(Buffer.concat(blocks).toString()).toBe(text(families));
    expect(blocks.every((block) => block.length > 0)).toBe(true);
    // The longest line with room for any number.
    expect(Math.max(...blocks.map((block) => block.length))).toBeLessThanOrEqual(
      Math.max(size, 150),
    );
  });

  it("refuses a block size that is none", () => {
    expect(() => new ExpositionWriter([], layout("text-0.0.4"), { blockSize: 0 })).toThrow(
      new RangeError("block size must be a whole number of bytes, 1 or more: 0"),
    );
  });

  it("renders series that were appended since the last exposition", () => {
    const table = tabulate({
      name: "m",
      type: "gauge",
      help: "",
      unit: "",
      metrics: [{ labels: labels({ p: "1" }), value: 1 }],
    });
    const [part] = table.parts;
    if (part === undefined) throw new Error("a part is missing");
    const shown = layout("text-0.0.4");
    const write = (size: number, values: number[]) => {
      const snapshot = { ...part, size, values: Float64Array.from(values) };
      const writer = new ExpositionWriter([{ ...table, parts: [snapshot] }], shown);
      return Buffer.from(writer.next() ?? []).toString();
    };
    expect(write(1, [1])).toBe('# TYPE m gauge\nm{p="1"} 1\n');
    part.series.labels.push(labels({ p: "2" }), labels({ p: "3" }));
    expect(write(1, [5])).toBe('# TYPE m gauge\nm{p="1"} 5\n');
    expect(write(3, [6, 7, 8])).toBe('# TYPE m gauge\nm{p="1"} 6\nm{p="2"} 7\nm{p="3"} 8\n');
  });

  it("does not look at what it has not been asked for", () => {
    const table = tabulate(big);
    let looked = 0;
    const [part] = table.parts;
    if (part === undefined) throw new Error("a part is missing");
    const seen = new SeriesList(
      new Proxy(part.series.labels, {
        get(target, key) {
          looked = Math.max(looked, Number(key) || 0);
          return Reflect.get(target, key);
        },
      }),
    );
    const parts = [{ ...part, series: seen }];
    new ExpositionWriter([{ ...table, parts }], layout("text-0.0.4"), { blockSize: 1000 }).next();
    expect(looked).toBe(63);
  });
});
