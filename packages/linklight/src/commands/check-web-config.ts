import process from "node:process";
import type { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { userPath } from "../user-path.ts";

/** Adds `linklight check web-config`. */
export function addCheckWebConfigCommand(check: Command): void {
  check
    .command("web-config")
    .summary("whether a web.yml is right: TLS, authentication, headers")
    .description("Checks files of TLS, authentication, headers and rate limit, as promtool does.")
    .argument("<file...>", "the files")
    .action(checkWebConfigs);
}

/** Prints a verdict for each file as promtool does, to standard error. */
async function checkWebConfigs(files: readonly string[]): Promise<void> {
  const { checkWebConfig } = await import("@linklight/toolkit");
  let isGood = true;
  for (const file of files) {
    const problems = checkWebConfig(userPath(file));
    isGood &&= problems.length === 0;
    process.stderr.write(`${file} ${verdict(problems)}\n`);
  }
  // The verdicts say it all.
  if (!isGood) throw new CommandFailure("");
}

function verdict(problems: readonly string[]): string {
  if (problems.length === 0) return "SUCCESS";
  return problems.length === 1
    ? `FAILED: ${problems[0]}`
    : `FAILED:\n${problems.map((problem) => `  ${problem}`).join("\n")}`;
}
