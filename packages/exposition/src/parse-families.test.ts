import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { checkFamilies, parseFamilies } from "./parse-families.ts";

describe("parseFamilies of text", () => {
  it("puts families together", () => {
    const text = `# HELP a_total Things.
# TYPE a_total counter
a_total{b="c"} 1
# TYPE h histogram
h_bucket{le="1"} 1
h_bucket{le="+Inf"} 2
h_sum 3
h_count 2
# TYPE s summary
s{quantile="0.5"} 1
s_sum 1
s_count 1
u 5 1000
`;
    expect(parseFamilies("text-0.0.4", text)).toEqual([
      {
        name: "a_total",
        type: "counter",
        help: "Things.",
        unit: "",
        metrics: [{ labels: Labels.from({ b: "c" }), value: 1 }],
      },
      {
        name: "h",
        type: "histogram",
        help: "",
        unit: "",
        metrics: [
          {
            labels: Labels.EMPTY,
            buckets: [
              { upperBound: 1, cumulativeCount: 1 },
              { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 2 },
            ],
            sum: 3,
            count: 2,
          },
        ],
      },
      {
        name: "s",
        type: "summary",
        help: "",
        unit: "",
        metrics: [
          { labels: Labels.EMPTY, quantiles: [{ quantile: 0.5, value: 1 }], sum: 1, count: 1 },
        ],
      },
      {
        name: "u",
        type: "unknown",
        help: "",
        unit: "",
        metrics: [{ labels: Labels.EMPTY, value: 5, timestamp: 1000 }],
      },
    ]);
  });

  it.each<[string, string, string]>([
    ["no line feed at the end", "a 1", "1:4: the last line must end with a line feed"],
    [
      "an escape that is none",
      'a{b="\\q"} 1\n',
      '1:6: expected \\\\, \\" or \\n, found "\\\\q\\"}"',
    ],
    [
      "an escape that is none in HELP",
      "# HELP a x\\\\ \\q\n",
      "1:10: the help text has a backslash before another character than \\ and n",
    ],
    [
      "a negative bucket",
      '# TYPE h histogram\nh_bucket{le="1"} -1\n',
      "2:1: a bucket of the histogram h must not be negative: -1",
    ],
    [
      "a negative count",
      "# TYPE h histogram\nh_count -1\n",
      "2:1: a count of the histogram h must not be negative: -1",
    ],
    [
      "a label __name__",
      'a{__name__="b"} 1\n',
      '1:1: label name "__name__" occurs twice in a label set',
    ],
    [
      "no quantile",
      "# TYPE s summary\ns 1\n",
      "2:1: expected a number in label quantile of the summary s, found none",
    ],
  ])("reports %s, as promtool does or stricter", (_, text, expected) => {
    expect(checkFamilies("text-0.0.4", text).problems.map((p) => p.message)).toEqual([expected]);
  });

  it("tells which promise is broken", () => {
    const text =
      "# HELP a x\n# HELP a y\n# TYPE a gauge\n# TYPE a gauge\na 1\nb 1\na 1\n# TYPE b gauge\nc\n";
    expect(checkFamilies("text-0.0.4", text).problems.map((p) => [p.line, p.rule])).toEqual([
      [2, "repeated-help"],
      [4, "repeated-type"],
      [7, "interleaved"],
      [7, "duplicate-series"],
      [8, "late-type"],
      [9, "syntax"],
    ]);
  });

  it("gives a histogram without +Inf bucket its count for it, and puts bounds in order", () => {
    const text = '# TYPE h histogram\nh_bucket{le="2"} 2\nh_bucket{le="1"} 1\nh_count 3\nh_sum 4\n';
    expect(parseFamilies("text-0.0.4", text)[0]?.metrics).toEqual([
      {
        labels: Labels.EMPTY,
        buckets: [
          { upperBound: 1, cumulativeCount: 1 },
          { upperBound: 2, cumulativeCount: 2 },
          { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 3 },
        ],
        sum: 4,
        count: 3,
      },
    ]);
  });

  it("throws the first problem", () => {
    expect(() => parseFamilies("text-0.0.4", "a\nb\n")).toThrow(
      "1:2: expected a number as the value of the series",
    );
  });

  it.each<[string, string, string[]]>([
    [
      "a second HELP line",
      "# HELP a x\na 1\n# HELP a x\n",
      ["3:1: second HELP line for metric name a"],
    ],
    [
      "a second TYPE line",
      "# TYPE a gauge\n# TYPE a gauge\n",
      ["2:1: second TYPE line for metric name a"],
    ],
    [
      "TYPE after samples",
      "a 1\n# TYPE a gauge\n",
      ["2:1: TYPE line for metric name a after its samples: it belongs before them"],
    ],
    [
      "families apart",
      'a 1\nb 1\na{x="1"} 1\nb{x="1"} 2\na{x="2"} 1\n',
      [
        "3:1: lines of the metric family a stand apart: other families are between them",
        "4:1: lines of the metric family b stand apart: other families are between them",
      ],
    ],
    [
      "a series given twice",
      "a 1\na 2\n",
      ["2:1: the series a was already given: each combination of name and labels stands once"],
    ],
    [
      "a label given twice",
      'a{b="1",b="2"} 1\n',
      ['1:1: label name "b" occurs twice in a label set'],
    ],
    [
      "a histogram without suffix",
      "# TYPE h histogram\nh 1\n",
      ["2:1: the histogram h has a series without suffix: expected h_bucket, h_sum or h_count"],
    ],
    [
      "a bad le",
      '# TYPE h histogram\nh_bucket{le="x"} 1\nh_bucket 1\n',
      [
        '2:1: expected a number in label le of the histogram h, found "x"',
        "3:1: expected a number in label le of the histogram h, found none",
      ],
    ],
    [
      "several syntax errors",
      "a\nb 1\nc x\nd 1 1.5\n",
      [
        "1:2: expected a number as the value of the series, found the end of the line",
        '3:3: expected a number as the value of the series, found "x"',
        '4:5: expected a timestamp in whole milliseconds or the end of the line, found "1.5"',
      ],
    ],
  ])("reports %s", (_, text, expected) => {
    expect(checkFamilies("text-0.0.4", text).problems.map((p) => p.message)).toEqual(expected);
  });
});
