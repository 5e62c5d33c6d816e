import type { Command } from "commander";
import { addTestPromqlCommand } from "./test-promql.ts";

/** Adds `linklight test` with its subcommands. */
export function addTestCommand(program: Command): void {
  const test = program
    .command("test")
    .summary("run PromQL test scripts")
    .description("Runs tests of what Prometheus, or linklight, computes.")
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  addTestPromqlCommand(test);
}
