import { Labels, type MetricFamily, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { type EscapingScheme, layout } from "../layout.ts";
import { writeFamilies } from "../writer.ts";

const labels = (record: Record<string, string>) => Labels.from(record);
const { EMPTY } = Labels;
const INFINITY = Number.POSITIVE_INFINITY;

function text(families: readonly MetricFamily[], escaping: EscapingScheme = "underscores"): string {
  return Buffer.from(writeFamilies(families, layout("openmetrics-1.0.0", escaping))).toString();
}

function family(
  type: MetricFamily["type"],
  name: string,
  metrics: readonly MetricFamily["metrics"][number][],
  help = "",
  unit = "",
): MetricFamily {
  return { type, name, metrics, help, unit } as MetricFamily;
}

const buckets = (...counts: readonly (readonly [number, number])[]) =>
  counts.map(([upperBound, cumulativeCount]) => ({ upperBound, cumulativeCount }));

describe("OpenMetrics", () => {
  it("shows every metric type", () => {
    const families = [
      family(
        "counter",
        "rx_bytes_total",
        [
          {
            labels: labels({ port: "1" }),
            value: 20,
            createdTimestamp: 1395066363500,
            exemplar: { labels: labels({ trace_id: "a" }), value: 1, timestamp: 1395066363000 },
          },
          { labels: labels({ port: "2" }), value: 1e6 },
        ],
        'Bytes "received"\\',
        "bytes",
      ),
      family("gauge", "level", [{ labels: EMPTY, value: -0.5, timestamp: 1395066363123 }]),
      family("histogram", "latency_seconds", [
        {
          labels: EMPTY,
          buckets: [
            { upperBound: 0.5, cumulativeCount: 1 },
            {
              upperBound: 1,
              cumulativeCount: 2,
              exemplar: { labels: EMPTY, value: 0.75 },
            },
            { upperBound: INFINITY, cumulativeCount: 3 },
          ],
          sum: 4.25,
          count: 3,
          createdTimestamp: 1395066363000.25,
          timestamp: 1395066364000,
        },
      ]),
      family("gaugehistogram", "depth", [
        { labels: EMPTY, buckets: buckets([-1, 1], [INFINITY, 3]), sum: -4, count: 3 },
      ]),
      family("summary", "rpc_seconds", [
        {
          labels: EMPTY,
          quantiles: [
            { quantile: 0.5, value: 0.25 },
            { quantile: 1, value: Number.NaN },
          ],
          sum: 9,
          count: 7,
          createdTimestamp: 5,
        },
      ]),
      family(
        "info",
        "build_info",
        [{ labels: labels({ version: "1" }), value: 1 }],
        "Build",
        "info",
      ),
      family("stateset", "link", [
        {
          labels: labels({ port: "1" }),
          states: [
            { state: "DOWN", enabled: false },
            { state: "UP", enabled: true },
          ],
        },
      ]),
      family("unknown", "anything", [{ labels: EMPTY, value: Number.NEGATIVE_INFINITY }]),
    ];
    expect(text(families)).toBe(`\
# HELP rx_bytes Bytes \\"received\\"\\\\
# TYPE rx_bytes counter
# UNIT rx_bytes bytes
rx_bytes_total{port="1"} 20.0 # {trace_id="a"} 1.0 1395066363.000
rx_bytes_created{port="1"} 1395066363.500
rx_bytes_total{port="2"} 1e+06
# TYPE level gauge
level -0.5 1395066363.123
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.5"} 1.0 1395066364.000
latency_seconds_bucket{le="1.0"} 2.0 1395066364.000 # {} 0.75
latency_seconds_bucket{le="+Inf"} 3.0 1395066364.000
latency_seconds_sum 4.25 1395066364.000
latency_seconds_count 3.0 1395066364.000
latency_seconds_created 1395066363.00025 1395066364.000
# TYPE depth gaugehistogram
depth_bucket{le="-1.0"} 1.0
depth_bucket{le="+Inf"} 3.0
depth_gsum -4.0
depth_gcount 3.0
# TYPE rpc_seconds summary
rpc_seconds{quantile="0.5"} 0.25
rpc_seconds{quantile="1.0"} NaN
rpc_seconds_sum 9.0
rpc_seconds_count 7.0
rpc_seconds_created 0.005
# HELP build Build
# TYPE build info
build_info{version="1"} 1.0
# TYPE link stateset
link{link="DOWN",port="1"} 0.0
link{link="UP",port="1"} 1.0
# TYPE anything unknown
anything -Inf
# EOF
`);
  });

  it("is nothing but its end without families", () => {
    expect(text([])).toBe("# EOF\n");
  });

  it("gives counters and infos their suffix", () => {
    const families = [
      family("counter", "rx", [{ labels: EMPTY, value: 1 }]),
      family("info", "build", [{ labels: EMPTY, value: 1 }]),
    ];
    expect(text(families)).toBe(`\
# TYPE rx counter
rx_total 1.0
# TYPE build info
build_info 1.0
# EOF
`);
  });

  it("shows a counter as unknown where another family has its shorter name", () => {
    const families = [
      family("counter", "a_total", [{ labels: EMPTY, value: 1, createdTimestamp: 1000 }]),
      family("gauge", "a", [{ labels: EMPTY, value: 2 }]),
    ];
    expect(text(families)).toBe(`\
# TYPE a_total unknown
a_total 1.0
# TYPE a gauge
a 2.0
# EOF
`);
  });

  it("leaves out a unit that does not end the name", () => {
    const gauge = family("gauge", "level", [{ labels: EMPTY, value: 1 }], "", "bytes");
    expect(text([gauge])).toBe("# TYPE level gauge\nlevel 1.0\n# EOF\n");
  });

  it("leaves out what no counter may be", () => {
    const metrics = [1, -1, Number.NaN, INFINITY].map((value, i) => ({
      labels: labels({ i: String(i) }),
      value,
      exemplar: { labels: EMPTY, value: 1 },
    }));
    expect(text([family("counter", "a_total", metrics)])).toBe(`\
# TYPE a counter
a_total{i="0"} 1.0 # {} 1.0
a_total{i="3"} +Inf # {} 1.0
# EOF
`);
  });

  it("leaves out infos and state sets with other values than they may have", () => {
    // Only tables can hold these: the object form has booleans.
    const info = family("info", "a_info", [
      { labels: labels({ i: "1" }), value: 1 },
      { labels: labels({ i: "2" }), value: 2 },
    ]);
    expect(text([info])).toBe('# TYPE a info\na_info{i="1"} 1.0\n# EOF\n');
  });

  it("leaves out quantiles and totals that are negative", () => {
    const summary = family("summary", "s", [
      {
        labels: EMPTY,
        quantiles: [
          { quantile: 0.5, value: -1 },
          { quantile: 0.9, value: 1 },
          { quantile: 2, value: 1 },
        ],
        sum: -3,
        count: 2,
      },
    ]);
    expect(text([summary])).toBe(`\
# TYPE s summary
s{quantile="0.9"} 1.0
s_count 2.0
# EOF
`);
  });

  it("leaves out sum and count of a histogram that may not have them, and histograms that do not add up", () => {
    const add = (
      i: number,
      rows: readonly (readonly [number, number])[],
      sum: number,
      count: number,
    ) => ({
      labels: labels({ i: String(i) }),
      buckets: buckets(...rows),
      sum,
      count,
    });
    const histogram = family("histogram", "h", [
      add(
        1,
        [
          [1, 1],
          [INFINITY, 2],
        ],
        3,
        2,
      ),
      add(
        2,
        [
          [1, 1],
          [INFINITY, 2],
        ],
        -3,
        2,
      ),
      add(
        3,
        [
          [1, 1],
          [INFINITY, 2],
        ],
        3,
        5,
      ),
      add(
        4,
        [
          [1, 3],
          [INFINITY, 2],
        ],
        3,
        2,
      ),
      add(
        5,
        [
          [1, 0.5],
          [INFINITY, 2],
        ],
        3,
        2,
      ),
      add(
        6,
        [
          [-1, 1],
          [INFINITY, 2],
        ],
        -3,
        2,
      ),
      { labels: labels({ i: "7" }), buckets: buckets([INFINITY, 1]), sum: 1 },
      { labels: labels({ i: "8" }), buckets: buckets([1, 1]), count: 3 },
      { labels: labels({ i: "9" }), buckets: buckets([1, 1]) },
    ]);
    expect(text([histogram])).toBe(`\
# TYPE h histogram
h_bucket{i="1",le="1.0"} 1.0
h_bucket{i="1",le="+Inf"} 2.0
h_sum{i="1"} 3.0
h_count{i="1"} 2.0
h_bucket{i="2",le="1.0"} 1.0
h_bucket{i="2",le="+Inf"} 2.0
h_bucket{i="3",le="1.0"} 1.0
h_bucket{i="3",le="+Inf"} 2.0
h_bucket{i="6",le="-1.0"} 1.0
h_bucket{i="6",le="+Inf"} 2.0
h_bucket{i="7",le="+Inf"} 1.0
h_bucket{i="8",le="1.0"} 1.0
h_bucket{i="8",le="+Inf"} 3.0
# EOF
`);
  });

  it("leaves out exemplars that may not stand", () => {
    const exemplar = (value: number, trace = "a") => ({ labels: labels({ trace }), value });
    const bucket = { upperBound: 1, cumulativeCount: 1 };
    const histogram = family("histogram", "h", [
      {
        labels: EMPTY,
        buckets: [
          { ...bucket, exemplar: exemplar(2) },
          { ...bucket, upperBound: 2, exemplar: exemplar(1.5, "x".repeat(123)) },
          { ...bucket, upperBound: INFINITY, exemplar: exemplar(1.5, "x".repeat(124)) },
        ],
      },
    ]);
    const gauge = family("gauge", "g", [{ labels: EMPTY, value: 1, exemplar: exemplar(1) }]);
    expect(text([histogram, gauge])).toBe(`\
# TYPE h histogram
h_bucket{le="1.0"} 1.0
h_bucket{le="2.0"} 1.0 # {trace="${"x".repeat(123)}"} 1.5
h_bucket{le="+Inf"} 1.0
# TYPE g gauge
g 1.0
# EOF
`);
  });

  it("shows a native histogram alone by its count and sum", () => {
    const native = nativeHistogram({ count: 2, sum: -3, zeroCount: 2 });
    const histogram = family("histogram", "h", [
      { labels: EMPTY, buckets: [], native, createdTimestamp: 1000 },
    ]);
    expect(text([histogram])).toBe(`\
# TYPE h histogram
h_bucket{le="+Inf"} 2.0
h_created 1.000
# EOF
`);
  });

  it("quotes UTF-8 names where the reader allows them, and shortens them too", () => {
    const families = [
      family("counter", "switch.rx_total", [{ labels: labels({ "a.b": "c" }), value: 1 }], "温度"),
      family("stateset", "link.state", [
        { labels: EMPTY, states: [{ state: "UP", enabled: true }] },
      ]),
    ];
    expect(text(families, "allow-utf-8")).toBe(`\
# HELP "switch.rx" 温度
# TYPE "switch.rx" counter
{"switch.rx_total","a.b"="c"} 1.0
# TYPE "link.state" stateset
{"link.state","link.state"="UP"} 1.0
# EOF
`);
    expect(text(families, "values")).toBe(`\
# HELP U__switch_2e_rx_ 温度
# TYPE U__switch_2e_rx_ counter
U__switch_2e_rx__total{U__a_2e_b="c"} 1.0
# TYPE U__link_2e_state stateset
U__link_2e_state{U__link_2e_state="UP"} 1.0
# EOF
`);
  });

  it("shows a state set as gauge where its name cannot be a label's", () => {
    const states = [{ state: "UP", enabled: true }];
    const set = family("stateset", "job:state", [{ labels: EMPTY, states }]);
    expect(text([set])).toBe('# TYPE job:state gauge\njob:state{job_state="UP"} 1.0\n# EOF\n');
  });

  it("finds the forbidden values of many series", () => {
    const metrics = Array.from({ length: 20_000 }, (_, i) => ({
      labels: labels({ i: String(i) }),
      value: i === 12_345 ? Number.NaN : i,
    }));
    const lines = text([family("counter", "a_total", metrics)]).split("\n");
    expect(lines.length).toBe(1 + 19_999 + 2);
    expect(lines[1 + 12_345]).toBe('a_total{i="12346"} 12346.0');
  });
});
