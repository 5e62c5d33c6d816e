import { readFile } from "node:fs/promises";
import process from "node:process";
import { buffer } from "node:stream/consumers";
import type { LintFinding } from "@linklight/client";
import type { ExpositionError, ExpositionFormat, ExpositionRule } from "@linklight/exposition";
import { type Command, Option } from "commander";
import { CommandFailure, ExitCode } from "../failure.ts";
import { userPath } from "../user-path.ts";
import { cardinalityTable } from "./cardinality.ts";
import { drawLine } from "./draw-line.ts";

const EXAMPLES = `
Examples:
  curl -s http://localhost:8000/metrics | linklight check metrics
  linklight check metrics --format=openmetrics page.txt

Exit codes: 0 all is well; 1 it cannot be read; 3 it can be read, and should be better.`;

const FORMATS = { text: "text-0.0.4", openmetrics: "openmetrics-1.0.0" } as const satisfies Record<
  string,
  ExpositionFormat
>;

interface CheckMetricsFlags {
  readonly format: keyof typeof FORMATS;
  readonly extended?: boolean;
}

/** Adds `linklight check metrics`. */
export function addCheckMetricsCommand(check: Command): void {
  check
    .command("metrics")
    .summary("whether metrics are correct, consistent and well named")
    .description(
      "Checks metrics as an endpoint shows them: whether they are correct, consistent and well named.",
    )
    .argument("[file...]", "the files; standard input where there is none, or for -")
    .addOption(
      new Option("--format <format>", "what they are in: text or openmetrics")
        .choices(Object.keys(FORMATS))
        .default("text"),
    )
    .option("--extended", "also print how many series each family has")
    .addHelpText("after", EXAMPLES)
    .action(checkMetrics);
}

async function checkMetrics(files: readonly string[], flags: CheckMetricsFlags): Promise<void> {
  let isRead = true;
  let isLinted = true;
  for (const file of files.length === 0 ? ["-"] : files) {
    const { problems, findings } = await checkFile(file, flags);
    isRead &&= problems === 0;
    isLinted &&= findings === 0;
  }
  // What is wrong has been printed.
  if (!isRead) throw new CommandFailure("", ExitCode.FAILED);
  if (!isLinted) throw new CommandFailure("", ExitCode.LINT);
}

/** Prints what is wrong with one file, and says how much it was. */
async function checkFile(
  file: string,
  { format, extended = false }: CheckMetricsFlags,
): Promise<{ readonly problems: number; readonly findings: number }> {
  const name = file === "-" ? "<stdin>" : file;
  let bytes: Uint8Array;
  try {
    bytes = await read(file);
  } catch (error) {
    print(`error while linting: cannot read ${name}: ${reasonOf(error)}`);
    return { problems: 1, findings: 0 };
  }
  const { lintExposition } = await import("@linklight/client");
  const { problems, findings } = lintExposition(FORMATS[format], bytes);
  for (const problem of problems) print(problemText(name, problem, bytes));
  // Names of half a page would be judged for what the other half says.
  if (problems.length > 0) return { problems: problems.length, findings: 0 };
  for (const finding of findings) print(findingText(file, finding));
  if (extended && findings.length === 0) {
    const { parseFamilies } = await import("@linklight/exposition");
    process.stdout.write(cardinalityTable(parseFamilies(FORMATS[format], bytes)));
  }
  return { problems: 0, findings: findings.length };
}

async function read(file: string): Promise<Uint8Array> {
  if (file !== "-") return readFile(userPath(file));
  if (process.stdin.isTTY) print("reading metrics from the terminal; end with Ctrl-D");
  return buffer(process.stdin);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder" : message;
}

/** What helps where the problem alone does not say it. */
const REMEDIES: Partial<Record<ExpositionRule, string>> = {
  "repeated-help":
    "print each family once: its HELP and TYPE lines, then all its series; a collector gives one family with all series, not one for each port",
  "repeated-type":
    "print each family once: its HELP and TYPE lines, then all its series; a collector gives one family with all series, not one for each port",
  interleaved: "print each family once, all its series together",
};

function problemText(
  name: string,
  { line, column, problem, rule }: ExpositionError,
  bytes: Uint8Array,
): string {
  const remedy = REMEDIES[rule];
  const text = `error while linting: ${name}:${line}:${column}: ${problem}${remedy ? `; ${remedy}` : ""}`;
  return `${text}${drawLine(bytes, line, column)}`;
}

/** As promtool prints it, metric and text, with the place behind. */
function findingText(file: string, { metric, text, line }: LintFinding): string {
  const place = file === "-" ? `line ${line}` : `${file}:${line}`;
  return `${metric} ${text}${line === undefined ? "" : ` (${place})`}`;
}

function print(text: string): void {
  process.stderr.write(`${text}\n`);
}
