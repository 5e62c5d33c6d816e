import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { executionError } from "../eval/query-error.ts";
import { describeFailure } from "./command-failure.ts";
import type { QueryEngine } from "./run-eval.ts";
import { runScript, SCRIPT_ENGINE_OPTIONS, type ScriptOptions } from "./run-script.ts";

/** What people read of each outcome: `passed`, or the failure. */
async function run(script: string, options?: ScriptOptions): Promise<string[]> {
  const outcomes: string[] = [];
  for await (const { failure } of runScript(script, options))
    outcomes.push(failure === undefined ? "passed" : describeFailure(failure, "x.test"));
  return outcomes;
}

const LOAD = `load 1m
  a{x="1"} 1 2 3
  a{x="2"} 10 stale 30

`;

describe("a script", () => {
  it("loads, asks and clears; one outcome for each evaluation", async () => {
    const script = `${LOAD}eval instant at 1m a
  a{x="1"} 2

eval range from 0 to 2m step 1m a
  a{x="1"} 1 2 3
  a{x="2"} 10 _ 30

clear

eval instant at 1m a
`;
    expect(await run(script)).toEqual(["passed", "passed", "passed"]);
  });

  it("goes on after failures", async () => {
    const script = `${LOAD}eval instant at 2m sum(a)
  {} 34

load 1m
  a{x="1"} 1

eval instant at 2m sum(b

eval instant at 2m sum(a)
  {} 33
`;
    expect(await run(script)).toEqual([
      `x.test:5: eval instant at 2m sum(a)
  the result differs:
        expected  got
    {}  34        33`,
      `x.test:8: load 1m
  out of order sample: a{x="1"} has a sample at 120000 ms, the new one is at 0 ms`,
      expect.stringMatching(/^x\.test:11:\d+: eval instant at 2m sum\(b\n {2}parse error: /),
      "passed",
    ]);
  });

  it("is not run when it cannot be read, and is one failure with its place", async () => {
    expect(await run("eval instant at 0 1\n  1\n\nload 5m\n  a 1 x\n\neval at 0 a\n")).toEqual([
      `x.test:5:7: a 1 x
  expected a number, "_", "stale" or a histogram such as {{count:1}}, got "x"
    and at 7:6: expected "instant" or "range", got "at"`,
    ]);
  });

  it("is nothing when it is empty", async () => {
    expect(await run("\n# nothing\n")).toEqual([]);
  });

  it("ends between two commands when told so", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(run("eval instant at 0 1\n  1\n", { signal })).rejects.toThrow("enough");
  });
});

describe("expected errors", () => {
  it.each([
    ["expect fail", "passed"],
    ["expect fail regex: labelset$", "passed"],
    ["expect fail msg: vector cannot contain metrics with the same labelset", "passed"],
    [
      "expect fail msg: labelset",
      `x.test:5: eval instant at 0 label_free
  expected the error "labelset":
    error
      expected  labelset
      got       vector cannot contain metrics with the same labelset
                ^`,
    ],
  ])("%s", async (line, outcome) => {
    const failing: QueryEngine = {
      instant: () =>
        Promise.reject(executionError("vector cannot contain metrics with the same labelset")),
      range: () => Promise.reject(new Error("not asked")),
    };
    const script = `${LOAD}eval instant at 0 label_free\n  ${line}\n`;
    expect(await run(script, { engine: failing })).toEqual([outcome]);
  });

  it("do not come", async () => {
    expect(await run(`${LOAD}eval instant at 0 a\n  expect fail msg: x\n`)).toEqual([
      `x.test:5: eval instant at 0 a\n  expected the error "x", but the query succeeded`,
    ]);
  });
});

describe("expected remarks", () => {
  const engine = (...texts: string[]): QueryEngine => {
    const result = {
      annotations: texts.map((text) => ({
        severity: text.startsWith("w") ? ("warning" as const) : ("info" as const),
        text,
        span: { start: 2, end: 3 },
      })),
      storageWarnings: [],
      peakSamples: 0,
    };
    return {
      instant: async (_, { timeMs }) => ({
        ...result,
        value: { type: "scalar", timestamp: timeMs, value: 1 },
      }),
      range: async () => ({ ...result, value: { type: "matrix", series: [] } }),
    };
  };

  // A function of the time is asked once, and one of the query's context not as a range query.
  const ask = (lines: readonly string[], ...texts: string[]): Promise<string[]> =>
    run(["eval instant at 0 start()", ...lines, "1"].join("\n  "), { engine: engine(...texts) });

  it.each([
    [
      ["expect warn", "expect info"],
      ["w1", "w2", "i1"],
    ],
    [["expect warn msg: w1 (1:3)"], ["w1"]],
    [["expect info regex: ^i. \\(1:3\\)$"], ["i1", "i2", "w1"]],
    [["expect no_warn"], ["i1"]],
    [[], ["w1", "i1"]],
  ])("%j hold for %j", async (lines, texts) => {
    expect(await ask(lines, ...texts)).toEqual(["passed"]);
  });

  it.each([
    [["expect warn"], ["i1"], "expected a warning:"],
    [["expect warn msg: w1"], ["w1"], 'expected the warning "w1":'],
    [["expect warn msg: w1 (1:3)"], ["w1", "w2"], "unexpected warning: w2 (1:3):"],
    [["expect no_warn"], ["w1"], "expected no warning:"],
    [["expect no_info"], ["i1"], "expected no info:"],
    [["expect info regex: x"], ["i1"], 'expected an info that matches "x":'],
  ])("%j do not hold for %j", async (lines, texts, reason) => {
    const [outcome] = await ask(lines, ...texts);
    expect(outcome?.split("\n")[1]).toBe(`  ${reason}`);
  });
});

describe("an instant query", () => {
  // What an engine gets wrong in one way of asking only.
  const wrongFor = (
    isWrong: (query: string, timeMs: number, isRange: boolean) => boolean,
  ): QueryEngine => {
    const engine = new Engine(SCRIPT_ENGINE_OPTIONS);
    return {
      instant: (queryable, query) =>
        isWrong(query.query, query.timeMs, false)
          ? Promise.reject(executionError("wrong"))
          : engine.instant(queryable, query),
      range: (queryable, query) =>
        isWrong(query.query, query.startMs, true)
          ? Promise.reject(executionError("wrong"))
          : engine.range(queryable, query),
    };
  };
  const script = `${LOAD}eval instant at 1m a\n  a{x="1"} 2\n`;

  it("is asked again at other times with its time in @", async () => {
    const asked: unknown[] = [];
    const engine = wrongFor((query, timeMs, isRange) => {
      asked.push([query, timeMs, isRange]);
      return false;
    });
    await run(script, { engine });
    const again = (timeMs: number): unknown[] => [
      ["a @ 60.000", timeMs, false],
      ["a @ 60.000", timeMs - 60_000, true],
    ];
    expect(asked).toEqual([
      ["a", 60_000, false],
      ["a", 0, true],
      ...[-600_000, 0, 12_000, 60_000, 600_000].flatMap(again),
    ]);
  });

  it("fails when it does not hold with @", async () => {
    const engine = wrongFor((query, timeMs) => query !== "a" && timeMs === 12_000);
    expect(await run(script, { engine })).toEqual([
      "x.test:5: eval instant at 1m a\n  asked again: a @ 60.000 at 12s\n  the query failed: wrong",
    ]);
  });

  it("fails when it does not hold as a range query", async () => {
    const engine = wrongFor((query, _, isRange) => query === "a" && isRange);
    expect(await run(script, { engine })).toEqual([
      "x.test:5: eval instant at 1m a\n  asked again: a as a range query, at the step 60s\n  the query failed: wrong",
    ]);
  });

  it("is compared with the middle step of the range query", async () => {
    const engine = new Engine(SCRIPT_ENGINE_OPTIONS);
    const other: QueryEngine = {
      instant: (queryable, query) => engine.instant(queryable, query),
      range: (queryable, query) =>
        engine.range(queryable, { ...query, query: `${query.query} * 2` }),
    };
    expect((await run(script, { engine: other }))[0]?.split("\n")[1]).toBe(
      "  asked again: a as a range query, at the step 60s",
    );
    const scalar = "eval instant at 1m 1 + 1\n  2\n";
    expect(await run(scalar)).toEqual(["passed"]);
    expect((await run(scalar, { engine: other }))[0]).toContain("expected the scalar 2, got 3");
  });
});
