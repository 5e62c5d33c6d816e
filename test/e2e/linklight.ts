import process from "node:process";
import { fileURLToPath } from "node:url";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { type ProgramOptions, type ProgramResult, runProgram } from "../harness/run-program.ts";

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));

/** For `describe`: processes start slowly where much else is running. */
export const SLOW = { timeout: 30_000 };

/** Runs the built command line to its end. */
export function linklight(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return runProgram(process.execPath, [main, ...args], options);
}

const started: RunningEndpoint[] = [];

/** Starts `linklight endpoint` for one test; `afterEach(stopAll)` ends it, also when the test fails. */
export async function start(...args: readonly string[]): Promise<RunningEndpoint> {
  const endpoint = await startEndpoint(...args);
  started.push(endpoint);
  return endpoint;
}

/** Ends what {@link start} has started. */
export async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map((endpoint) => endpoint.stop()));
}
