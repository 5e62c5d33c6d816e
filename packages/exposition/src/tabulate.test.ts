import { Labels, type MetricFamily, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { SeriesList } from "./table.ts";
import { tabulate } from "./tabulate.ts";

const port = (n: number) => Labels.from({ port: String(n) });
const INFINITY = Number.POSITIVE_INFINITY;

describe("tabulate", () => {
  it("puts metrics with one number into one part, with what belongs to them beside", () => {
    const exemplar = { labels: port(9), value: 1 };
    const family: MetricFamily = {
      name: "rx_total",
      type: "counter",
      help: "Received",
      unit: "",
      metrics: [
        { labels: port(1), value: 5, createdTimestamp: 1000 },
        { labels: port(2), value: 6, timestamp: 2000, exemplar },
      ],
    };
    expect(tabulate(family)).toEqual({
      name: "rx_total",
      type: "counter",
      help: "Received",
      unit: "",
      parts: [
        {
          lines: [{ suffix: "" }],
          series: new SeriesList([port(1), port(2)]),
          size: 2,
          values: Float64Array.of(5, 6),
          timestamps: Float64Array.of(Number.NaN, 2000),
          createdTimestamps: Float64Array.of(1000, Number.NaN),
          exemplars: new Map([[1, exemplar]]),
        },
      ],
    });
  });

  it("makes a part for each set of lines, and one for native histograms alone", () => {
    const native = nativeHistogram({ count: 1, zeroCount: 1 });
    const exemplar = { labels: port(9), value: 1 };
    const buckets = [
      { upperBound: 1, cumulativeCount: 2, exemplar },
      { upperBound: INFINITY, cumulativeCount: 3 },
    ];
    const family: MetricFamily = {
      name: "h",
      type: "histogram",
      help: "",
      unit: "",
      metrics: [
        { labels: port(1), buckets, sum: 4, count: 3 },
        { labels: port(2), buckets: [], native, exemplars: [exemplar] },
        { labels: port(3), buckets: [] },
        { labels: port(4), buckets, sum: 5, count: 3 },
      ],
    };
    const { parts } = tabulate(family);
    expect(parts).toEqual([
      {
        lines: [
          { suffix: "_bucket", label: "le", value: 1 },
          { suffix: "_bucket", label: "le", value: INFINITY },
          { suffix: "_sum" },
          { suffix: "_count" },
        ],
        series: new SeriesList([port(1), port(4)]),
        size: 2,
        values: Float64Array.of(2, 3, 4, 3, 2, 3, 5, 3),
        exemplars: new Map([
          [0, exemplar],
          [4, exemplar],
        ]),
      },
      {
        lines: [],
        series: new SeriesList([port(2)]),
        size: 1,
        values: new Float64Array(),
        natives: [native],
        nativeExemplars: [[exemplar]],
      },
      { lines: [], series: new SeriesList([port(3)]), size: 1, values: new Float64Array() },
    ]);
  });

  it("names the label of a state after the family", () => {
    const states = [
      { state: "DOWN", enabled: false },
      { state: "UP", enabled: true },
    ];
    const family: MetricFamily = {
      name: "link",
      type: "stateset",
      help: "",
      unit: "",
      metrics: [{ labels: port(1), states }],
    };
    expect(tabulate(family).parts[0]?.lines).toEqual([
      { suffix: "", label: "link", value: "DOWN" },
      { suffix: "", label: "link", value: "UP" },
    ]);
  });

  it("takes more buckets than a call takes arguments", () => {
    const buckets = Array.from({ length: 200_000 }, (_, i) => ({
      upperBound: i,
      cumulativeCount: 0,
    }));
    const metrics = [{ labels: Labels.EMPTY, buckets, sum: 0, count: 0 }];
    const family = { name: "a", type: "histogram", help: "", unit: "", metrics } as const;
    expect(tabulate(family).parts[0]?.values).toHaveLength(200_002);
  });
});
