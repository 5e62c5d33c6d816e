import { type Command, InvalidArgumentError, Option } from "commander";
import { isCollectorFile } from "../collector-file/extensions.ts";
import { BUILT_IN_COLLECTORS } from "../collectors/built-in.ts";
import type { EndpointFlags } from "../endpoint/run.ts";
import { addSimulationOptions, givenSimulationOption } from "./simulation-options.ts";

const EXAMPLES = `
Examples:
  linklight endpoint
  linklight endpoint --port 9100 --collector ./rooms.ts --watch
  linklight endpoint --fabric leaf-spine:4x2 --seed 7
  linklight endpoint --enable-incidents --incident-log incidents.jsonl
  linklight endpoint --host 0.0.0.0 --web.config.file web.yml`;

/** Adds `linklight endpoint`: the metrics endpoint alone. */
export function addEndpointCommand(program: Command): void {
  const command = program
    .command("endpoint")
    .summary("serve the metrics of collectors to Prometheus")
    .description(
      "Serves the metrics of collectors to Prometheus: at /metrics, and at / for all but browsers.",
    );
  addEndpointOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (flags: EndpointFlags) => start(command, flags));
}

/** Adds `linklight up`, which is also what `linklight` without a command does: the whole pipeline. */
export function addUpCommand(program: Command): void {
  const command = program
    .command("up", { isDefault: true })
    .summary("the whole pipeline: what linklight does without a command")
    .description("The whole pipeline, which today is the metrics endpoint.")
    // Without a command, a misspelt one arrives here as an argument.
    .argument("[command...]")
    .usage("[options]");
  addEndpointOptions(command).action(async (names: readonly string[], flags: EndpointFlags) => {
    if (names[0] !== undefined) {
      const known = program.commands.map((each) => each.name());
      program.error(
        known.includes(names[0])
          ? `error: the command '${names[0]}' stands before its options: linklight ${names[0]} …`
          : `error: unknown command '${names[0]}'; the commands are: ${known.join(", ")}`,
      );
    }
    await start(command, flags);
  });
}

async function start(command: Command, flags: EndpointFlags): Promise<void> {
  const given = givenSimulationOption(command);
  if (given !== undefined && flags.collector?.includes("switch") === false) {
    command.error(
      `error: ${given} is for the collector switch, which --collector leaves out; add --collector switch`,
    );
  }
  const { runEndpoint } = await import("../endpoint/run.ts");
  const isDebugGiven =
    flags["log.level"] === "debug" && command.getOptionValueSource("log.level") === "cli";
  await runEndpoint(flags, { stacks: isDebugGiven });
}

function addEndpointOptions(command: Command): Command {
  const names = BUILT_IN_COLLECTORS.join(", ");
  command
    .optionsGroup("Listening:")
    .addOption(
      new Option("--port <number>", "port; 0 lets the system choose a free one")
        .argParser(portNumber)
        .default(8000),
    )
    .addOption(
      new Option("--host <address>", "address; 0.0.0.0 for all of this machine")
        .argParser(hostName)
        .default("127.0.0.1"),
    )
    .addOption(
      new Option(
        "--web.listen-address <host:port>",
        "instead of both, as Prometheus' exporters have it (repeatable)",
      )
        .argParser(collect)
        .conflicts(["port", "host"]),
    )
    .option(
      "--web.config.file <file>",
      "web.yml of Prometheus' exporters: TLS, authentication, headers, rate limit",
    )
    .optionsGroup("Collectors:")
    .addOption(
      new Option(
        "--collector <name|file>",
        `${names} (all of them by default), or a TypeScript or JavaScript file (repeatable)`,
      ).argParser(collectorNames),
    )
    .option("--watch", "load a collector file again when it, or a file it imports, changes");
  return addSimulationOptions(command)
    .optionsGroup("Log:")
    .addOption(
      new Option(
        "--log.level <level>",
        "debug, info, warn or error; with stack traces if debug is given",
      )
        .choices(["debug", "info", "warn", "error"])
        .default("debug"),
    )
    .addOption(
      new Option("--log.format <format>", "console, logfmt or json")
        .choices(["console", "logfmt", "json"])
        .default("console"),
    )
    .optionsGroup("Help:")
    .helpOption("-h, --help", "print this help");
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
  }
  return port;
}

// An empty one, as of a variable that is not set, would open every interface.
function hostName(text: string): string {
  if (/^[^\s/@[\]]+$/.test(text)) return text;
  throw new InvalidArgumentError("Expected a name or an IP address, such as 127.0.0.1 or ::1.");
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function collectorNames(value: string, earlier: readonly string[] = []): readonly string[] {
  const isBuiltIn = (BUILT_IN_COLLECTORS as readonly string[]).includes(value);
  if (!isBuiltIn && !isCollectorFile(value)) {
    throw new InvalidArgumentError(
      `Expected one of ${BUILT_IN_COLLECTORS.join(", ")}, or a file whose name ends in .ts or .js.`,
    );
  }
  return [...earlier, value];
}
