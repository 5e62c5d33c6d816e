import type { Command } from "commander";
import { addCheckMetricsCommand } from "./check-metrics.ts";
import { addCheckServerCommand } from "./check-server.ts";
import { addCheckWebConfigCommand } from "./check-web-config.ts";

/** Adds `linklight check` with its subcommands. */
export function addCheckCommand(program: Command): void {
  const check = program
    .command("check")
    .summary("check metrics, a web.yml, or whether a server is up")
    .description("Checks metrics, a web.yml, or whether a server is up, as promtool does.")
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  addCheckMetricsCommand(check);
  addCheckWebConfigCommand(check);
  addCheckServerCommand(check, "healthy");
  addCheckServerCommand(check, "ready");
}
