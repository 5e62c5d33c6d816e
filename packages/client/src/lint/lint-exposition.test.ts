import { layout, writeFamilies } from "@linklight/exposition";
import { Labels, type MetricFamily } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { lintExposition } from "./lint-exposition.ts";

describe("lintExposition", () => {
  it("gives the line of the series that a finding is about", () => {
    const text = '# HELP a d\n# TYPE a gauge\na{x="1"} 1\na{x="2",portNum="1"} 1\n';
    expect(lintExposition("text-0.0.4", text)).toEqual({
      problems: [],
      findings: [
        {
          metric: "a",
          rule: "snake-case",
          text: "label names should be written in 'snake_case' not 'camelCase': rename the label portNum to port_num",
          line: 4,
        },
      ],
    });
  });

  it("reports problems and findings beside each other", () => {
    const { problems, findings } = lintExposition("text-0.0.4", "# TYPE a counter\na 1\nb one\n");
    expect(problems.map(({ line }) => line)).toEqual([3]);
    expect(findings.map(({ rule }) => rule)).toEqual(["counter-suffix", "help"]);
  });

  it("takes scattered families for a problem in OpenMetrics, which forbids them", () => {
    const text = '# TYPE a gauge\na{x="1"} 1\n# TYPE b gauge\nb 1\na{x="2"} 1\n# EOF\n';
    const { problems, findings } = lintExposition("openmetrics-1.0.0", text);
    expect(problems).toHaveLength(1);
    expect(findings.map(({ rule }) => rule)).toEqual(["help", "help", "help"]);
  });

  it("knows the lines of OpenMetrics' shorter family names", () => {
    const text = "# TYPE up gauge\n# HELP up d\nup 1\n# TYPE a_ms counter\na_ms_total 1\n# EOF\n";
    const { findings } = lintExposition("openmetrics-1.0.0", text);
    expect(findings.map(({ metric, line, rule }) => ({ metric, line, rule }))).toEqual([
      { metric: "a_ms_total", line: 4, rule: "unit-abbreviation" },
      { metric: "a_ms_total", line: 4, rule: "help" },
    ]);
  });

  it("reads text 1.0.0, whose names may be any text", () => {
    const text = '# HELP "a.b" d\n# TYPE "a.b" counter\n{"a.b"} 1\n';
    const { findings } = lintExposition("text-1.0.0", text);
    expect(findings.map(({ metric, line, rule }) => ({ metric, line, rule }))).toEqual([
      { metric: "a.b", line: 1, rule: "counter-suffix" },
    ]);
  });

  it("judges protobuf, where a message is a line", () => {
    const family = (name: string): MetricFamily => ({
      name,
      type: "gauge",
      help: "d",
      unit: "",
      metrics: [{ labels: Labels.EMPTY, value: 1 }],
    });
    const bytes = writeFamilies([family("a"), family("b_total")], layout("protobuf"));
    const { findings } = lintExposition("protobuf", bytes);
    expect(findings.map(({ metric, line, rule }) => ({ metric, line, rule }))).toEqual([
      { metric: "b_total", line: 2, rule: "counter-suffix" },
    ]);
  });

  it("ends soon on a file of garbage", () => {
    const { problems } = lintExposition("text-0.0.4", Buffer.alloc(1_000_000, "}\n"));
    expect(problems).toHaveLength(100);
  });
});
