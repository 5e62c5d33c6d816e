import { type Command, InvalidArgumentError, Option } from "commander";
import { isCollectorFile } from "../collector-file/extensions.ts";
import { BUILT_IN_COLLECTORS } from "../collectors/built-in.ts";
import type { EndpointFlags } from "../endpoint/run.ts";

const EXAMPLES = `
Examples:
  linklight endpoint                                  the sample collector, on http://127.0.0.1:8000
  linklight endpoint --collector ./rooms.ts --watch   your own, loaded again whenever you save it
  linklight endpoint --host 0.0.0.0 --web.config.file web.yml`;

/** Adds `linklight endpoint`: the metrics endpoint alone. */
export function addEndpointCommand(program: Command): void {
  const command = program
    .command("endpoint")
    .description("serve the metrics of collectors to Prometheus");
  addEndpointOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (flags: EndpointFlags) => start(command, flags));
}

/** Adds `linklight up`, which is also what `linklight` without a command does: the whole pipeline. */
export function addUpCommand(program: Command): void {
  const command = program
    .command("up", { isDefault: true })
    .description("the whole pipeline, and what linklight alone does; today the same as endpoint")
    // Without a command, a misspelt one arrives here as an argument.
    .argument("[command...]")
    .usage("[options]");
  addEndpointOptions(command).action(async (names: readonly string[], flags: EndpointFlags) => {
    if (names[0] !== undefined) {
      const known = program.commands.map((each) => each.name()).join(", ");
      program.error(`error: unknown command '${names[0]}'; the commands are: ${known}`);
    }
    await start(command, flags);
  });
}

async function start(command: Command, flags: EndpointFlags): Promise<void> {
  const { runEndpoint } = await import("../endpoint/run.ts");
  const isDebugGiven =
    flags["log.level"] === "debug" && command.getOptionValueSource("log.level") === "cli";
  await runEndpoint(flags, { stacks: isDebugGiven });
}

function addEndpointOptions(command: Command): Command {
  const names = BUILT_IN_COLLECTORS.join(", ");
  return command
    .addOption(
      new Option("--port <number>", "port to listen on; 0 lets the system choose a free one")
        .argParser(portNumber)
        .default(8000),
    )
    .option("--host <address>", "address to listen on; 0.0.0.0 for all", "127.0.0.1")
    .addOption(
      new Option(
        "--web.listen-address <host:port>",
        "as in Prometheus' exporters, instead of --host and --port (repeatable)",
      )
        .argParser(collect)
        .conflicts(["port", "host"]),
    )
    .addOption(
      new Option(
        "--collector <name|file>",
        `${names}, or a TypeScript or JavaScript file (repeatable) (default: ${names})`,
      ).argParser(collectorNames),
    )
    .option("--watch", "load a collector file again when it, or a file it imports, changes")
    .option(
      "--web.config.file <file>",
      "web.yml of Prometheus' exporters: TLS, authentication, headers, rate limit",
    )
    .addOption(
      new Option(
        "--log.level <level>",
        "least grave level to print; stack traces if debug is given",
      )
        .choices(["debug", "info", "warn", "error"])
        .default("debug"),
    )
    .addOption(
      new Option("--log.format <format>", "how a log line is written")
        .choices(["console", "logfmt", "json"])
        .default("console"),
    )
    .helpOption("-h, --help", "print this help");
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
  }
  return port;
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
