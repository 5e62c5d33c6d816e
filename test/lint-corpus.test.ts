import { lintExposition } from "@linklight/client";
import { describe, expect, it } from "vitest";
import { LINT_NOW_MS, lintCases } from "./harness/lint-corpus.ts";

describe("lintExposition over the corpus", () => {
  it.each(lintCases())("says of $name what is expected", ({ exposition, findings, problems }) => {
    const report = lintExposition("text-0.0.4", exposition, { now: () => LINT_NOW_MS });
    expect({
      problems: report.problems.map(({ line, problem }) => ({ line, problem })),
      findings: report.findings.map(({ metric, line, text }, i) => ({
        metric,
        line,
        // A finding goes on with the remedy, which the corpus leaves out.
        text: text.slice(0, findings[i]?.text.length),
      })),
    }).toEqual({
      problems,
      findings: findings.map(({ metric, line, text }) => ({ metric, line, text })),
    });
  });

  it("gives a remedy with every finding", () => {
    for (const { exposition } of lintCases()) {
      for (const { text } of lintExposition("text-0.0.4", exposition).findings)
        expect(text).toMatch(/^.+[:;] .+/);
    }
  });
});
