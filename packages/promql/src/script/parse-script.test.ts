import { nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { Command, EvalCommand, LoadCommand, SequenceValue } from "./command.ts";
import { parseScript } from "./parse-script.ts";
import { ScriptError } from "./script-error.ts";

/** Values in short: a number, `_`, `stale`, or the fields of a histogram. */
function short(values: readonly SequenceValue[]): unknown[] {
  return values.map((value) => {
    if (value.kind === "float") return value.value;
    if (value.kind === "histogram") return value.histogram;
    return value.kind === "omitted" ? "_" : "stale";
  });
}

function load(...lines: string[]): LoadCommand {
  const [command] = parseScript(["load 1m", ...lines].join("\n  "));
  return command as LoadCommand;
}

function evaluation(...lines: string[]): EvalCommand {
  const [command] = parseScript(lines.join("\n  "));
  return command as EvalCommand;
}

/** The mistakes of a script, or none. */
function mistakes(script: string): string[] {
  try {
    parseScript(script);
    return [];
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return error.errors.map(({ message }) => message);
  }
}

describe("commands", () => {
  it("are read in order, with their lines; empty lines and comments end them", () => {
    const script = `# a comment
clear
load 5m
  a 1

  clear
eval instant at 5m a
  a 1
# ends it
eval range from 0 to 5m step 1m a
\tload_with_nhcb 1m30s`;
    const seen = (command: Command): unknown[] => [command.kind, command.line];
    expect(mistakes(script)).toEqual([
      '11:18: expected a blank or the end of the line, got "m30s"',
    ]);
    const commands = parseScript(script.slice(0, script.lastIndexOf("\n")));
    expect(commands.map(seen)).toEqual([
      ["clear", 2],
      ["load", 3],
      ["clear", 6],
      ["eval", 7],
      ["eval", 10],
    ]);
  });

  it("follow a scalar without an empty line", () => {
    const commands = parseScript("eval instant at 1m 1\n  1\neval instant at 1m 2\n  -Inf\nclear");
    expect(commands.map(({ text }) => text)).toEqual([
      "eval instant at 1m 1",
      "eval instant at 1m 2",
      "clear",
    ]);
  });
});

describe("rows of values", () => {
  it.each<[string, unknown[]]>([
    ["1 -2.5 .5 3. 1e3 1.5E-2 +4", [1, -2.5, 0.5, 3, 1000, 0.015, 4]],
    ["NaN Inf -Inf +inf nan", [Number.NaN, Infinity, -Infinity, Infinity, Number.NaN]],
    ["_ _x3 1 _x0 _", ["_", "_", "_", "_", 1, "_"]],
    ["stale 1 stalex1", ["stale", 1, "stale", "stale"]],
    ["1x2 0x3 NaNx1", [1, 1, 1, 0, 0, 0, 0, Number.NaN, Number.NaN]],
    ["1+2x3", [1, 3, 5, 7]],
    ["-1-1x2", [-1, -2, -3]],
    ["0+0.1x3", [0, 0.1, 0.2, 0.30000000000000004]],
    ["1e1+1e1x1", [10, 20]],
    ["0-Infx1", [0, -Infinity]],
    ["", []],
  ])("%s", (written, values) => {
    expect(short(load(`a ${written}`).series[0]?.values ?? [])).toEqual(values);
  });

  it.each([
    ["{{}}", nativeHistogram({ isFloat: true })],
    [
      "{{schema:1 count:22 sum:-3.5 z_bucket:2 z_bucket_w:0.001 offset:-2 buckets:[5 10 7] n_offset:1 n_buckets:[1] counter_reset_hint:gauge}}",
      nativeHistogram({
        schema: 1,
        count: 22,
        sum: -3.5,
        zeroCount: 2,
        zeroThreshold: 0.001,
        positiveSpans: [{ offset: -2, length: 3 }],
        positiveBuckets: [5, 10, 7],
        negativeSpans: [{ offset: 1, length: 1 }],
        negativeBuckets: [1],
        counterResetHint: "gauge",
        isFloat: true,
      }),
    ],
    [
      "{{ sum:NaN  schema:-53 custom_values:[5 10] buckets:[ 1 2 ] }}",
      nativeHistogram({
        schema: -53,
        sum: Number.NaN,
        customValues: [5, 10],
        positiveSpans: [{ offset: 0, length: 2 }],
        positiveBuckets: [1, 2],
        isFloat: true,
      }),
    ],
  ])("%s", (written, histogram) => {
    expect(short(load(`a _ ${written}`).series[0]?.values ?? [])).toEqual(["_", histogram]);
  });

  it("add histograms up, the second with its buckets merged to the resolution of the first", () => {
    const { values } = load(
      "a {{schema:0 count:2 sum:1 buckets:[1 0 1]}}+{{schema:1 count:3 sum:2 offset:3 buckets:[1 2]}}x1",
    ).series[0] as LoadCommand["series"][0];
    // Buckets 3 and 4 of schema 1 are bucket 2 of schema 0.
    expect(short(values)[1]).toEqual(
      nativeHistogram({
        schema: 0,
        count: 5,
        sum: 3,
        positiveSpans: [
          { offset: 0, length: 1 },
          { offset: 1, length: 1 },
        ],
        positiveBuckets: [1, 4],
        isFloat: true,
      }),
    );
    const same = load("a {{count:3 buckets:[3]}}-{{count:1 buckets:[1]}}x2").series[0];
    expect(short(same?.values ?? []).map((one) => (one as { count: number }).count)).toEqual([
      3, 2, 1,
    ]);
    const repeated = load("a {{count:3}}x1").series[0];
    expect(short(repeated?.values ?? [])).toHaveLength(2);
  });
});

describe("series", () => {
  it.each([
    ["a", { __name__: "a" }],
    ["a:b_c1{}", { __name__: "a:b_c1" }],
    ["{}", {}],
    ['a{b="c", d = "e f" ,}', { __name__: "a", b: "c", d: "e f" }],
    ["{\"a b\", 'c d'=`e\\f`}", { __name__: "a b", "c d": "e\\f" }],
    ['{__name__="a", x="\\"\\x41\\u00e9\\n"}', { __name__: "a", x: '"Aé\n' }],
    ['a{empty=""}', { __name__: "a" }],
    ["sum{by='x'}", { __name__: "sum", by: "x" }],
  ])("%s", (written, labels) => {
    expect(load(`${written} 1`).series[0]?.labels.toJSON()).toEqual(labels);
  });

  it("are loaded as the last line about them says", () => {
    const { series } = load("a 1", "b 1", "a 2 3");
    expect(series.map(({ labels, values }) => [`${labels}`, short(values)])).toEqual([
      ["a", [2, 3]],
      ["b", [1]],
    ]);
  });
});

describe("start timestamps", () => {
  it("stand in a line of their own, before or behind that of the series", () => {
    const { series } = load(
      'a{x="y z"}@st _ -30s-1mx2 1ms 0 +1m',
      'a{x="y z"} 1x6',
      "b 1 2",
      "b@st _x1 -1h30m",
      "c@st -1m",
    );
    expect(series.map(({ startOffsets }) => startOffsets)).toEqual([
      [undefined, -30_000, -90_000, -150_000, 1, 0, 60_000],
      [undefined, -5_400_000],
    ]);
  });

  it("may be those of all series that follow, over and over", () => {
    const { series } = load("a 1", "@st -1m * *x1 _", "b 1x5", "b@st 0x5", "c 1x5");
    expect(series.map(({ startOffsets }) => startOffsets)).toEqual([
      [],
      [0, 0, 0, 0, 0, 0],
      [-60_000, -60_000, -60_000, -60_000, undefined, -60_000],
    ]);
  });

  it("are told from series with @st in a label value", () => {
    const { series } = load('a{x="b@st c"} 1', "d{x='@st'} 1");
    expect(series.map(({ labels }) => labels.get("x"))).toEqual(["b@st c", "@st"]);
  });
});

describe("evaluations", () => {
  it("are asked at a time, or at steps", () => {
    const instant = evaluation('eval  instant at 1h30m  sum( a ) offset 5m == bool "x # y"  ');
    expect([instant.query, instant.queryColumn, instant.when]).toEqual([
      'sum( a ) offset 5m == bool "x # y"',
      25,
      { kind: "instant", timeMs: 5_400_000 },
    ]);
    const range = evaluation("eval range from 0 to 10m step 30s from to 1 step x");
    expect([range.query, range.when]).toEqual([
      "from to 1 step x",
      { kind: "range", startMs: 0, endMs: 600_000, stepMs: 30_000 },
    ]);
  });

  it("expect nothing but an empty result without lines", () => {
    expect(evaluation("eval instant at 0 a").expected).toEqual({
      isOrdered: false,
      fail: undefined,
      warnings: [],
      infos: [],
      noWarnings: false,
      noInfos: false,
      rangeVector: undefined,
      value: { kind: "series", rows: [] },
    });
  });

  it("expect series, a scalar or a string", () => {
    const value = (...lines: string[]) =>
      evaluation("eval instant at 0 a", ...lines).expected.value;
    expect(value("-1.5e3")).toEqual({ kind: "scalar", value: -1500 });
    expect(value("NaN")).toEqual({ kind: "scalar", value: Number.NaN });
    expect(value("-0x1F")).toEqual({ kind: "scalar", value: -31 });
    expect(value("010")).toEqual({ kind: "scalar", value: 8 });
    expect(value("1_000")).toEqual({ kind: "scalar", value: 1000 });
    expect(value('expect string "a\\"b"')).toEqual({ kind: "string", value: 'a"b' });
    const rows = value("expect no_warn", 'a{b="c"} 1', "{} NaN");
    expect(rows.kind === "series" && rows.rows.map((row) => [row.line, `${row.labels}`])).toEqual([
      [3, 'a{b="c"}'],
      [4, "{}"],
    ]);
  });

  it("expect an order, errors and remarks", () => {
    const { expected } = evaluation(
      "eval instant at 0 a",
      "expect ordered",
      "expect fail msg: exactly this (1:2)",
      "expect warn",
      "expect warn regex: ^a.b$",
      "expect no_info",
    );
    expect(expected.isOrdered).toBe(true);
    expect(expected.noInfos).toBe(true);
    expect(expected.fail?.map(({ written, text }) => [written, text])).toEqual([
      ["message", "exactly this (1:2)"],
    ]);
    expect(expected.fail?.[0]?.accepts("exactly this (1:2)!")).toBe(false);
    expect(expected.warnings.map(({ accepts }) => [accepts("axb"), accepts("ab")])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it("may announce a range vector", () => {
    const { expected } = evaluation(
      "eval instant at 1m a[1m]",
      "expect range vector from 10s to 1m step 10s",
      "a 1 2 _ 4",
    );
    expect(expected.rangeVector).toEqual({ startMs: 10_000, endMs: 60_000, stepMs: 10_000 });
  });

  it("have older forms", () => {
    const of = (...lines: string[]) => evaluation(...lines).expected;
    expect(of("eval_ordered instant at 0 a").isOrdered).toBe(true);
    expect(of("eval_warn instant at 0 a").warnings).toHaveLength(1);
    expect(of("eval_info range from 0 to 1s step 1s a").infos).toHaveLength(1);
    expect(of("eval_fail instant at 0 a").fail).toEqual([]);
    const { fail } = of("eval_fail instant at 0 a", "expected_fail_message m (x)");
    expect(fail?.map(({ text }) => text)).toEqual(["m (x)"]);
    const pattern = of("eval_fail instant at 0 a", "expected_fail_regexp (?i)M.x").fail?.[0];
    expect([pattern?.accepts("a mux"), pattern?.accepts("mx")]).toEqual([true, false]);
  });
});

describe("mistakes", () => {
  it.each([
    [
      "laod 5m",
      '1:1: expected "clear", "load" or "eval" (an empty line or a comment ends a command), got "laod"',
    ],
    ["clear all", '1:7: expected the end of the line, got "all"'],
    [
      "load",
      "1:5: expected the time from one value to the next, such as 5m, got the end of the line",
    ],
    ["load 5", '1:6: expected the time from one value to the next, such as 5m, got "5"'],
    ["load 5m x", '1:9: expected the end of the line, got "x"'],
    [
      "eval instant at 0 1\n  5m",
      '2:3: expected a number, or a series such as name{label="value"}, got "5m"',
    ],
    ["load 5m\n  1 2", '2:3: expected a series such as name{label="value"}, got "1"'],
    ["load 5m\n  a{b} 1", '2:6: expected "=", got "}"'],
    ["load 5m\n  a{b=c} 1", '2:7: expected a text in quotes, got "c}"'],
    ['load 5m\n  a{b="c} 1', "2:7: the text in quotes has no end"],
    ['load 5m\n  a{b="\\q"} 1', "2:8: unknown escape sequence U+0071 'q'"],
    ['load 5m\n  a{b="1",b="2"} 1', '2:3: label "b" occurs twice'],
    ['load 5m\n  a{b="1" c="2"} 1', '2:11: expected "," or "}", got "c=\\"2\\"}"'],
    ["load 5m\n  a 1,2", '2:6: expected a blank or the end of the line, got ",2"'],
    [
      "load 5m\n  a x3",
      '2:5: expected a number, "_", "stale" or a histogram such as {{count:1}}, got "x3"',
    ],
    ["load 5m\n  a 1+1", '2:8: expected "x" and a count, got the end of the line'],
    ["load 5m\n  a 1x", '2:7: expected a count behind "x", got the end of the line'],
    ["load 5m\n  a 1x99999999999", "2:7: expected at most 10000000 repetitions, got 99999999999"],
    ["load 5m\n  a {{count:1", '2:14: expected a blank or "}}", got the end of the line'],
    ["load 5m\n  a {{schema:0.5}}", '2:14: expected a whole number, got "0.5}}"'],
    ["load 5m\n  a {{sum:1 sum:2}}", '2:13: "sum" occurs twice in a histogram'],
    [
      "load 5m\n  a {{counter_reset_hint:no}}",
      '2:26: expected gauge, reset, not_reset or unknown, got "no}}"',
    ],
    [
      "load 5m\n  a {{schema:1}}+{{schema:0}}x1",
      "2:5: error combining histograms: cannot merge from schema 0 to 1",
    ],
    [
      "load 5m\n  a@st _\n  a 1 2",
      "2:3: expected a start timestamp for each of the 2 values in line 3, got 1",
    ],
    ["load 5m\n  a@st 1q\n  a 1", '2:8: expected a duration such as "-30s", "_" or "*", got "1q"'],
    ["eval at 5m a", '1:6: expected "instant" or "range", got "at"'],
    ["eval instant a", '1:14: expected "at" and a time, got "a"'],
    ["eval instant at 5m", "1:19: expected a query, got the end of the line"],
    ["eval range from 5m to 1m step 1m a", "1:23: expected an end that is not before the start"],
    ["eval range from 0 to 1m step 0 a", "1:30: expected a step above 0"],
    ["eval range from 0 until 1m step 1m a", '1:19: expected "to", got "until"'],
    [
      "eval instant at 0 a\n  a 1 2",
      '2:3: expected one value for an instant query, got 2; a range vector needs "expect range vector from … to … step …" above it',
    ],
    [
      "eval instant at 0 a\n  a",
      '2:3: expected one value for an instant query, got 0; a range vector needs "expect range vector from … to … step …" above it',
    ],
    ["eval instant at 0 a\n  a 1\n  a 2", "3:3: a was expected in line 2 already"],
    ["eval instant at 0 a\n  a 1\n  2", "3:3: a scalar or a string is a result alone"],
    [
      "eval instant at 0 a\n  expect success",
      '2:10: expected ordered, fail, warn, no_warn, info, no_info, string or "range vector", got "success"',
    ],
    [
      "eval instant at 0 a\n  expect fail message: x",
      '2:15: expected "msg:" or "regex:", got "message:"',
    ],
    [
      "eval instant at 0 a\n  expect fail\n  expect fail",
      '3:3: expected at most one "expect fail"',
    ],
    [
      "eval instant at 0 a\n  expect warn\n  expect no_warn",
      '3:3: "expect warn" and "expect no_warn" contradict each other',
    ],
    [
      "eval instant at 0 a\n  expect warn regex: (",
      "2:22: invalid regular expression: error parsing regexp: missing closing ): `(`",
    ],
  ])("%j", (script, message) => {
    expect(mistakes(script)).toEqual([message]);
  });

  it("are found in all commands at once", () => {
    expect(mistakes("load 5m\n  1\n  2\n\nclear\n\neval instant x\n")).toHaveLength(2);
  });
});
