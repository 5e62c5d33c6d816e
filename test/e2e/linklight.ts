import process from "node:process";
import { fileURLToPath } from "node:url";
import { type ProgramOptions, type ProgramResult, runProgram } from "../harness/run-program.ts";

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));

/** Runs the built command line to its end. */
export function linklight(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return runProgram(process.execPath, [main, ...args], options);
}
