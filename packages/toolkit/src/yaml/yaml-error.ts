/** One thing that is wrong in a YAML file. Lines and columns count from 1. */
export interface YamlProblem {
  readonly line: number;
  readonly column: number;
  /** What was expected and what was found; never the value of a secret. */
  readonly message: string;
}

/** A YAML file is wrong. Its message has one line `file:line:col: …` for each problem. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly code = "LINKLIGHT_YAML";
  readonly file: string;
  /** In the order of the file. */
  readonly problems: readonly YamlProblem[];

  constructor(file: string, problems: readonly YamlProblem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map((problem) => formatYamlProblem(file, problem)).join("\n"));
    this.file = file;
    this.problems = sorted;
  }
}

/** Writes a problem as `file:line:col: message`, the form that editors and terminals link. */
export function formatYamlProblem(file: string, { line, column, message }: YamlProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
