import process from "node:process";
import { Command, CommanderError, type Option } from "commander";
import { addCheckCommand } from "./commands/check.ts";
import { addEndpointCommand, addUpCommand } from "./commands/endpoint.ts";
import { addIncidentCommand } from "./commands/incident.ts";
import { addSimulateCommand } from "./commands/simulate.ts";
import { addDoctorCommand } from "./doctor/doctor-command.ts";
import { CommandFailure, ExitCode, type ExitCodeValue, explainFailure } from "./failure.ts";
import { addPromqlCommand } from "./promql-command/promql-command.ts";
import { addQueryCommand } from "./query/query-command.ts";
import { addTestCommand } from "./test-command/test-command.ts";
import { addTsdbCommand } from "./tsdb-command/tsdb-command.ts";
import { readVersion } from "./version.ts";

const EXIT_CODES = `
Exit codes: 0 fine; 1 the input is wrong, or a check failed; 2 the command line is wrong;
3 check metrics: the metrics are right, but should be better.`;

/**
 * Runs the command line, given without the names of node and of the program, and gives the exit code. A
 * command that serves has given it when it listens, and goes on until a signal comes. Never rejects.
 */
export async function run(args: readonly string[]): Promise<ExitCodeValue> {
  try {
    await program().parseAsync([...args], { from: "user" });
    return ExitCode.OK;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed it; help and version come as errors too, with code 0.
      return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    }
    const message = explainFailure(error, wantsStacks(args));
    // Empty: it stands in the log already.
    if (message !== "") process.stderr.write(`error: ${message}\n`);
    return error instanceof CommandFailure ? error.exitCode : ExitCode.FAILED;
  }
}

function program(): Command {
  const root = new Command("linklight")
    .description("A network switch's telemetry, from port to panel.")
    .usage("[command] [options]")
    .version(`linklight ${readVersion()}`, "--version", "print the version")
    .helpOption("-h, --help", "print this help; behind a command, the help of the command")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ subcommandTerm: (command) => command.name(), optionDescription })
    .addHelpText("after", EXIT_CODES)
    .exitOverride();
  addUpCommand(root);
  addEndpointCommand(root);
  addSimulateCommand(root);
  addIncidentCommand(root);
  addCheckCommand(root);
  addTestCommand(root);
  addQueryCommand(root);
  addPromqlCommand(root);
  addTsdbCommand(root);
  addDoctorCommand(root);
  return root;
}

/** What the help says of an option: the default as one types it, and choices only where it names them itself. */
function optionDescription({ description, defaultValue, defaultValueDescription }: Option): string {
  if (defaultValue === undefined) return description;
  return `${description} (default: ${defaultValueDescription ?? String(defaultValue)})`;
}

// Asked of the arguments themselves: the error may be one of reading them.
function wantsStacks(args: readonly string[]): boolean {
  return args.some(
    (arg, i) => arg === "--log.level=debug" || (arg === "--log.level" && args[i + 1] === "debug"),
  );
}
