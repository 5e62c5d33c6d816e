import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { checkFamilies, parseFamilies } from "../parse-families.ts";

const problemsOf = (...lines: string[]): string[] =>
  checkFamilies("openmetrics-1.0.0", `${[...lines, "# EOF"].join("\n")}\n`).problems.map(
    (problem) => problem.message,
  );

describe("parseFamilies of OpenMetrics", () => {
  it("puts families together, with the names of the model", () => {
    const text = `# TYPE a_bytes counter
# UNIT a_bytes bytes
# HELP a_bytes Things.
a_bytes_total{b="c"} 1 # {t="x"} 0.5 2
a_bytes_created{b="c"} 1.001
# TYPE i info
i_info{v="1"} 1
# TYPE s stateset
s{s="on",p="1"} 1
s{s="off",p="1"} 0
# TYPE h gaugehistogram
h_bucket{le="1.0"} 1 # {} 0.5
h_bucket{le="+Inf"} 2
h_gcount 2
h_gsum 3
# TYPE q summary
q{quantile="0.5"} 1 5
q_sum 1 5
q_count 1 5
q_count 2 6
u 5
# EOF
`;
    const labels = Labels.EMPTY;
    expect(parseFamilies("openmetrics-1.0.0", text)).toEqual([
      {
        name: "a_bytes_total",
        type: "counter",
        help: "Things.",
        unit: "bytes",
        metrics: [
          {
            labels: Labels.from({ b: "c" }),
            value: 1,
            createdTimestamp: 1001,
            exemplar: { labels: Labels.from({ t: "x" }), value: 0.5, timestamp: 2000 },
          },
        ],
      },
      {
        name: "i_info",
        type: "info",
        help: "",
        unit: "",
        metrics: [{ labels: Labels.from({ v: "1" }), value: 1 }],
      },
      {
        name: "s",
        type: "stateset",
        help: "",
        unit: "",
        metrics: [
          {
            labels: Labels.from({ p: "1" }),
            states: [
              { state: "on", enabled: true },
              { state: "off", enabled: false },
            ],
          },
        ],
      },
      {
        name: "h",
        type: "gaugehistogram",
        help: "",
        unit: "",
        metrics: [
          {
            labels,
            buckets: [
              { upperBound: 1, cumulativeCount: 1, exemplar: { labels, value: 0.5 } },
              { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 2 },
            ],
            sum: 3,
            count: 2,
          },
        ],
      },
      {
        name: "q",
        type: "summary",
        help: "",
        unit: "",
        metrics: [
          { labels, timestamp: 5000, quantiles: [{ quantile: 0.5, value: 1 }], sum: 1, count: 1 },
          { labels, timestamp: 6000, quantiles: [], count: 2 },
        ],
      },
      { name: "u", type: "unknown", help: "", unit: "", metrics: [{ labels, value: 5 }] },
    ]);
  });

  it("drops samples whose timestamps are the same in milliseconds", () => {
    expect(
      parseFamilies("openmetrics-1.0.0", "a 1 0.0000001\na 2 0.0000002\n# EOF\n")[0]?.metrics,
    ).toEqual([{ labels: Labels.EMPTY, value: 1, timestamp: 0 }]);
  });

  it.each<[string, string[], string]>([
    [
      "a second TYPE line",
      ["# TYPE a gauge", "# TYPE a gauge"],
      "2:1: second TYPE line for metric family a",
    ],
    [
      "a second HELP line",
      ["# HELP a ", "# HELP a x"],
      "2:1: second HELP line for metric family a",
    ],
    ["a second UNIT line", ["# UNIT a ", "# UNIT a "], "2:1: second UNIT line for metric family a"],
    [
      "metadata after samples",
      ["# TYPE a gauge", "a 1", "# HELP a x"],
      "3:1: HELP line for metric family a after its samples: it belongs before them",
    ],
    [
      "a family that comes again",
      ["# TYPE a gauge", "# TYPE b gauge", "# HELP a x"],
      "3:1: the metric family a was met before: its lines must stand together",
    ],
    [
      "series of a family that come again",
      ["a 1", "b 1", "a 2"],
      "3:1: the metric family a was met before: its lines must stand together",
    ],
    [
      "names that clash",
      ["# TYPE a_created gauge", "# TYPE a counter"],
      "2:1: the counter a clashes with the metric family a_created: both have samples named a_created",
    ],
    [
      "a suffix of another type",
      ["# TYPE a gauge", "# TYPE b counter", "b 1"],
      "3:1: the metric family b was met before: its lines must stand together",
    ],
    [
      "interleaved metrics",
      ["# TYPE a summary", 'a_sum{x="1"} 1', 'a_sum{x="2"} 1', 'a_count{x="1"} 1'],
      "4:1: samples of one metric stand apart: others of a are between them",
    ],
    [
      "a timestamp beside none",
      ["# TYPE a gauge", "a 1", "a 1 1"],
      "3:1: either all samples of a metric have timestamps or none has",
    ],
    [
      "timestamps that go back",
      ["# TYPE a gauge", "a 1 1.5", "a 1 1"],
      "3:1: timestamps of a metric must not go back: 1 comes after 1.5",
    ],
    ["a series given twice", ["a 1", "a 1"], "2:1: the series a was already given"],
    [
      "a unit of an info",
      ["# TYPE a_s info", "# UNIT a_s s"],
      "1:1: the info a_s must not have a unit",
    ],
    [
      "an info that is not 1",
      ["# TYPE a info", "a_info 2"],
      "2:1: the value of an info must be 1, not 2",
    ],
    [
      "a state that is neither",
      ["# TYPE a stateset", 'a{a="x"} 0.5'],
      "2:1: the value of a state must be 0 or 1, not 0.5",
    ],
    [
      "a state without a name",
      ["# TYPE a stateset", "a 1"],
      "2:1: a series of the stateset a must name its state in a label a",
    ],
    [
      "a counter that is negative",
      ["# TYPE a counter", "a_total -1"],
      "2:1: the value of a counter must be 0 or more, not -1",
    ],
    [
      "a counter that is NaN",
      ["# TYPE a counter", "a_total NaN"],
      "2:1: the value of a counter must be 0 or more, not NaN",
    ],
    [
      "a counter without its total",
      ["# TYPE a counter", "a_created 1"],
      "2:1: a: a counter must have a sample with the suffix _total",
    ],
    [
      "a created timestamp that is none",
      ["# TYPE a counter", "a_total 1", "a_created NaN"],
      "3:1: a created timestamp must be a number of seconds, not NaN",
    ],
    [
      "a negative quantile value",
      ["# TYPE a summary", 'a{quantile="1"} -1'],
      "2:1: the value of a quantile must not be negative: -1",
    ],
    [
      "a quantile above 1",
      ["# TYPE a summary", 'a{quantile="1.5"} 1'],
      '2:1: expected a quantile from 0 to 1, found "1.5"',
    ],
    [
      "no quantile",
      ["# TYPE a summary", "a 1"],
      "2:1: expected a number in label quantile, found none",
    ],
    [
      "a sum that is NaN",
      ["# TYPE a summary", "a_sum NaN"],
      "2:1: the sum of a summary must not be NaN",
    ],
    [
      "a sum that is negative",
      ["# TYPE a summary", "a_sum -1"],
      "2:1: the sum of a summary must not be negative: -1",
    ],
    [
      "a fraction as count",
      ["# TYPE a summary", "a_count 1.5"],
      "2:1: the count must be a whole number, 0 or more, not 1.5",
    ],
    [
      "infinity in other words",
      ["# TYPE a histogram", 'a_bucket{le="Inf"} 1'],
      '2:1: infinity in label le is written "+Inf", found "Inf"',
    ],
    [
      "no +Inf bucket",
      ["# TYPE a histogram", 'a_bucket{le="1"} 1'],
      '2:1: a: a histogram must have a bucket with le="+Inf"',
    ],
    [
      "bounds that go down",
      ["# TYPE a histogram", 'a_bucket{le="2"} 1', 'a_bucket{le="1"} 1', 'a_bucket{le="+Inf"} 1'],
      "3:1: the bounds of buckets must ascend: 1 comes after 2",
    ],
    [
      "counts that go down",
      ["# TYPE a histogram", 'a_bucket{le="1"} 2', 'a_bucket{le="+Inf"} 1'],
      "3:1: buckets are cumulative: le=Infinity counts 1, the bucket before it 2",
    ],
    [
      "a count without sum",
      ["# TYPE a histogram", 'a_bucket{le="+Inf"} 1', "a_count 1"],
      "2:1: a: _sum must be given, since _count is",
    ],
    [
      "a sum without count",
      ["# TYPE a gaugehistogram", 'a_bucket{le="+Inf"} 1', "a_gsum 1"],
      "2:1: a: _gcount must be given, since _gsum is",
    ],
    [
      "a count that is not +Inf's",
      ["# TYPE a histogram", 'a_bucket{le="+Inf"} 1', "a_count 2", "a_sum 1"],
      '2:1: a: _count is 2, but the bucket with le="+Inf" counts 1',
    ],
    [
      "a sum with negative bounds",
      [
        "# TYPE a histogram",
        'a_bucket{le="-1"} 1',
        'a_bucket{le="+Inf"} 1',
        "a_count 1",
        "a_sum 1",
      ],
      "2:1: a: a histogram with negative bounds must not have a sum, which would be no counter",
    ],
    [
      "a negative gsum without negative bounds",
      ["# TYPE a gaugehistogram", 'a_bucket{le="+Inf"} 1', "a_gcount 1", "a_gsum -1"],
      "2:1: a: _gsum must not be negative where no bound is: -1",
    ],
    [
      "an exemplar on a gauge",
      ["# TYPE a gauge", "a 1 # {} 1"],
      "2:1: an exemplar may follow only a bucket or the total of a counter",
    ],
    [
      "an exemplar outside its bucket",
      ["# TYPE a histogram", 'a_bucket{le="1"} 1 # {} 2', 'a_bucket{le="+Inf"} 1'],
      "2:1: the exemplar 2 lies outside its bucket, whose upper bound is 1",
    ],
    [
      "an exemplar with long labels",
      ["# TYPE a counter", `a_total 1 # {a="${"😀".repeat(128)}"} 1`],
      "2:1: the label names and values of an exemplar have 129 characters: at most 128 are allowed",
    ],
    [
      "a label given twice",
      ['a{b="1",b="2"} 1'],
      '1:1: label name "b" occurs twice in a label set',
    ],
  ])("reports %s", (_, lines, expected) => {
    expect(problemsOf(...lines)[0]).toBe(expected);
  });

  it("lets the values of an info stand in any order, each with its own timestamps", () => {
    const lines = ["# TYPE a info", 'a_info{v="1"} 1 2', 'a_info{v="2"} 1', 'a_info{v="1"} 1 3'];
    expect([problemsOf(...lines), problemsOf(...lines.slice(0, 2), 'a_info{v="1"} 1')]).toEqual([
      [],
      ["3:1: either all samples of a metric have timestamps or none has"],
    ]);
  });

  it("takes no name for a suffix that objects have by themselves", () => {
    expect(problemsOf("# TYPE a gauge", "aconstructor 1", "a__proto__ 1")).toEqual([]);
  });
});
