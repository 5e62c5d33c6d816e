import { readFile } from "node:fs/promises";
import process from "node:process";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { CommandFailure, ExitCode } from "../failure.ts";
import { findScripts, type ScriptFile } from "./script-files.ts";

const HELP = `
A script loads series and says what queries about them must yield; the language is that of Prometheus' own
tests. Each eval command counts once, however often it is asked again in other ways. A folder stands for all
*.test files in and below it, - for standard input.

Examples:
  linklight test promql rates.test
  linklight test promql conformance/promql

Exit codes: 0 all passed; 1 something failed, or a file cannot be read; 2 the command line is wrong.`;

/** Adds `linklight test promql`. */
export function addTestPromqlCommand(test: Command): void {
  test
    .command("promql")
    .summary("run scripts in Prometheus' PromQL test language")
    .description(
      "Runs scripts in Prometheus' PromQL test language; prints every command that fails, with file and line, what was expected and what was got.",
    )
    .argument("<file...>", "the scripts, or folders of scripts")
    .addHelpText("after", HELP)
    .action(testPromql);
}

interface Counts {
  passed: number;
  failed: number;
}

async function testPromql(args: readonly string[]): Promise<void> {
  const counts: Counts = { passed: 0, failed: 0 };
  let areAllRead = true;
  for (const file of await findScripts(args)) {
    const script = await read(file);
    if (script === undefined) areAllRead = false;
    else await runOne(file.name, script, counts);
  }
  print(`${counts.passed} passed, ${counts.failed} failed`);
  // What is wrong has been printed.
  if (counts.failed > 0 || !areAllRead) throw new CommandFailure("", ExitCode.FAILED);
}

async function read(file: ScriptFile): Promise<string | undefined> {
  let problem: string;
  if ("problem" in file) {
    ({ problem } = file);
  } else {
    try {
      return file.path === "-" ? await text(process.stdin) : await readFile(file.path, "utf8");
    } catch (error) {
      problem = (error as Error).message;
    }
  }
  process.stderr.write(`error: cannot read ${file.name}: ${problem}\n`);
  return undefined;
}

async function runOne(name: string, script: string, counts: Counts): Promise<void> {
  const { describeFailure, runScript } = await import("@linklight/promql/script");
  for await (const { failure } of runScript(script)) {
    if (failure === undefined) {
      counts.passed++;
    } else {
      counts.failed++;
      print(describeFailure(failure, name));
    }
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
