import { readFileSync } from "node:fs";

/** A finding that a case of the corpus expects. */
export interface ExpectedFinding {
  readonly metric: string;
  readonly line: number;
  /** How its text begins. */
  readonly text: string;
  /** Whether each promtool has it too. */
  readonly promtool2: boolean;
  readonly promtool3: boolean;
}

/** A case of `conformance/exposition/lint.txt`, where the form is described. */
export interface LintCase {
  readonly name: string;
  readonly exposition: string;
  readonly exitCode: number;
  readonly findings: readonly ExpectedFinding[];
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/** What the clock says when the cases are judged. */
export const LINT_NOW_MS = 1_800_000_000_000;

/** Reads all cases. */
export function lintCases(): LintCase[] {
  const file = new URL("../../conformance/exposition/lint.txt", import.meta.url);
  return readFileSync(file, "utf8")
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const [input = "", expected = ""] = section.split(/^--- /m);
      const end = input.indexOf("\n");
      const [code, ...lines] = expected.trimEnd().split("\n");
      return {
        name: input.slice(0, end),
        exposition: input.slice(end + 1).replace(/\\\n$/, ""),
        exitCode: Number(code),
        findings: lines.filter((line) => !line.startsWith("!")).map(findingOf),
        problems: lines.filter((line) => line.startsWith("!")).map(problemOf),
      };
    });
}

function findingOf(line: string): ExpectedFinding {
  const parts = /^(\S+) (\S+):(\d+) (.*)$/.exec(line);
  if (parts === null) throw new Error(`lint corpus: no finding: ${JSON.stringify(line)}`);
  const [, mark = "", metric = "", number, text = ""] = parts;
  return {
    metric,
    line: Number(number),
    text,
    promtool2: mark.includes("2"),
    promtool3: mark.includes("3"),
  };
}

function problemOf(line: string): { line: number; problem: string } {
  const parts = /^!23 (\d+) (.*)$/.exec(line);
  if (parts === null) throw new Error(`lint corpus: no problem: ${JSON.stringify(line)}`);
  return { line: Number(parts[1]), problem: parts[2] ?? "" };
}
