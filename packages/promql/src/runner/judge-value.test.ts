import { Labels, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { QueryValue } from "../engine/query-result.ts";
import type { EvalCommand } from "../script/command.ts";
import { parseScript } from "../script/parse-script.ts";
import { describeFailure } from "./command-failure.ts";
import { judgeValue } from "./judge-value.ts";

/** What is wrong with a result, as people read it; undefined when all is well. */
function judge(lines: readonly string[], got: QueryValue): string | undefined {
  const [command] = parseScript(lines.join("\n  ")) as [EvalCommand];
  const { expected, when } = command;
  const steps = when.kind === "range" ? when : expected.rangeVector;
  const mismatch = judgeValue(expected, got, steps);
  if (mismatch === undefined) return undefined;
  const failure = {
    line: 1,
    column: undefined,
    text: "",
    how: undefined,
    mismatch,
    error: undefined,
  };
  return describeFailure(failure, "x").split("\n").slice(1).join("\n");
}

const vector = (...pairs: readonly (readonly [Record<string, string>, number])[]): QueryValue => ({
  type: "vector",
  samples: pairs.map(([labels, value]) => ({ labels: Labels.from(labels), timestamp: 0, value })),
});

const matrix = (
  ...series: readonly (readonly [Record<string, string>, readonly (readonly [number, number])[]])[]
): QueryValue => ({
  type: "matrix",
  series: series.map(([labels, samples]) => ({
    labels: Labels.from(labels),
    timestamps: Float64Array.from(samples, ([t]) => t),
    values: Float64Array.from(samples, ([, v]) => v),
    histograms: undefined,
  })),
});

const instant = (...lines: string[]): string[] => ["eval instant at 0 q", ...lines];
const range = (...lines: string[]): string[] => ["eval range from 0 to 2m step 1m q", ...lines];

describe("instant vectors", () => {
  it("may come in any order unless told otherwise", () => {
    const got = vector([{ a: "1" }, 1], [{ a: "2" }, 2]);
    expect(judge(instant('{a="2"} 2', '{a="1"} 1'), got)).toBeUndefined();
    expect(judge(instant("expect ordered", '{a="1"} 1', '{a="2"} 2'), got)).toBeUndefined();
    expect(judge(instant("expect ordered", '{a="2"} 2', '{a="1"} 1'), got)).toBe(
      `  the series are right, but their order differs:
        expected   got
    1.  {a="2"} 2  {a="1"} 1
    2.  {a="1"} 1  {a="2"} 2`,
    );
  });

  it("show missing, unexpected and wrong values side by side", () => {
    const got = vector([{ a: "1" }, 1], [{ a: "2" }, 2.5], [{ b: "4" }, Number.NaN]);
    expect(judge(instant('{a="1"} 1', '{a="2"} 2', '{a="3"} -Inf'), got)).toBe(
      `  the result differs:
             expected  got
    {a="2"}  2         2.5
    {a="3"}  -Inf      -
    {b="4"}  -         NaN
    and 1 more as expected`,
    );
  });

  it("hold each series once", () => {
    expect(judge(instant("{} 1"), vector([{}, 1], [{}, 1]))).toBe("  the result has {} twice");
  });

  it("are compared as histograms where they are", () => {
    const value = nativeHistogram({
      schema: 1,
      count: 2,
      sum: 1,
      positiveSpans: [{ offset: -1, length: 3 }],
      positiveBuckets: [0, 2, 0],
      counterResetHint: "reset",
    });
    const got: QueryValue = {
      type: "vector",
      samples: [{ labels: Labels.EMPTY, timestamp: 0, value }],
    };
    const written = "schema:1 count:2.0000001 sum:1 buckets:[2]";
    expect(judge(instant(`{} {{${written}}}`), got)).toBeUndefined();
    expect(judge(instant(`{} {{${written} counter_reset_hint:reset}}`), got)).toBeUndefined();
    expect(judge(instant(`{} {{${written} counter_reset_hint:gauge}}`), got)).toContain("differs");
    expect(judge(instant("{} {{schema:1 count:2 sum:1 offset:-1 buckets:[2]}}"), got)).toBe(
      `  the result differs:
    {}
      expected  {{schema:1 count:2 sum:1 offset:-1 buckets:[2]}}
      got       {{schema:1 count:2 sum:1 buckets:[2] counter_reset_hint:reset}}
                ^`,
    );
    expect(judge(instant("{} 0"), got)).toContain("differs");
  });
});

describe("range vectors", () => {
  it("are compared step by step, what is left out included", () => {
    const got = matrix([
      { a: "1" },
      [
        [0, 1],
        [120_000, 30],
      ],
    ]);
    expect(judge(range('{a="1"} 1 _ 30'), got)).toBeUndefined();
    expect(judge(range('{a="1"} 1 20 3'), got)).toBe(
      `  the result differs:
    {a="1"}
      expected  1 20 3
      got       1 _  30
                  ^  ^`,
    );
    expect(judge(range('{a="1"} 1 _ 30 4'), got)).toContain("differs");
    expect(judge(range('{a="1"} 1 _ 30 _'), got)).toBeUndefined();
    expect(judge(range('{a="1"} 1'), got)).toContain("differs");
  });

  it("show series that are missing or unexpected", () => {
    expect(
      judge(
        range('{a="1"} 1 2'),
        matrix([
          { b: "1" },
          [
            [0, 1],
            [60_000, 2],
          ],
        ]),
      ),
    ).toBe(
      `  the result differs:
    {a="1"}
      expected  1 2
      got       -
    {b="1"}
      expected  -
      got       1 2`,
    );
  });

  it("are sorted by labels", () => {
    const got = matrix([{ a: "2" }, [[0, 1]]], [{ a: "1" }, [[0, 1]]]);
    expect(judge(range('{a="1"} 1', '{a="2"} 1'), got)).toBe(
      '  the series of a range vector must be sorted by labels, but {a="2"} comes before {a="1"}',
    );
  });

  it("have samples at steps only", () => {
    const problem = "a sample at 90 s, where no step is or another one was";
    expect(judge(range("{} 1"), matrix([{}, [[90_000, 1]]]))).toBe(`  {} has ${problem}`);
  });

  it("have no order", () => {
    const got = matrix([{}, [[0, 1]]]);
    expect(judge(range("expect ordered", "{} 1"), got)).toContain("expected an order");
  });

  it("are a result of instant queries where that was announced", () => {
    const steps = "expect range vector from 1m to 2m step 1m";
    const got = matrix([
      {},
      [
        [60_000, 5],
        [120_000, 6],
      ],
    ]);
    expect(judge(instant(steps, "{} 5 6"), got)).toBeUndefined();
    expect(judge(instant("{} 5"), got)).toContain("has to announce");
    expect(judge(instant(), matrix())).toBeUndefined();
    expect(judge(instant(steps, "{} 5 6"), vector([{}, 5]))).toBe(
      "  expected a range vector, got an instant vector",
    );
  });
});

describe("scalars and strings", () => {
  const scalar: QueryValue = { type: "scalar", timestamp: 0, value: 1 };
  const string: QueryValue = { type: "string", timestamp: 0, value: "a" };
  it.each([
    [instant("1"), scalar, undefined],
    [instant("2"), scalar, "  expected the scalar 2, got 1"],
    [instant("1"), vector([{}, 1]), "  expected the scalar 1, got an instant vector"],
    [instant("{} 1"), scalar, "  expected a vector, got the scalar 1"],
    [instant('expect string "a"'), string, undefined],
    [instant('expect string "b"'), string, '  expected the string "b", got "a"'],
    [instant('expect string "a"'), vector(), '  expected the string "a", got an instant vector'],
    [instant("{} 1"), string, '  expected a vector, got the string "a"'],
    [instant(), string, '  expected the string "", got "a"'],
  ])("%j", (lines, got, message) => {
    expect(judge(lines, got)).toBe(message);
  });
});
