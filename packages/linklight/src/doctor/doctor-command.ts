import { readFile } from "node:fs/promises";
import process from "node:process";
import { formatDuration, parseDuration } from "@linklight/model";
import { type Command, InvalidArgumentError, Option } from "commander";
import { serverUrlOption } from "../commands/server-url.ts";
import { CommandFailure, ExitCode } from "../failure.ts";
import { userPath } from "../user-path.ts";
import { SERVICE_TITLES, SERVICES } from "./check.ts";
import type { ServiceAddress } from "./examine.ts";
import type { ServiceName } from "./presence.ts";

/** Where each service is unless told otherwise: as in compose.yaml. */
const DEFAULT_URLS: Readonly<Record<ServiceName, string>> = {
  endpoint: "http://127.0.0.1:8000",
  prometheus: "http://127.0.0.1:9090",
  alertmanager: "http://127.0.0.1:9093",
  grafana: "http://127.0.0.1:3000",
};

const DEFAULT_TIMEOUT_MS = 5000;
// Longer than anyone looks at a terminal on which nothing happens.
const LONGEST_TIMEOUT_MS = 60_000;

const HELP = `
A service that does not run is told, and is no fault, unless you name its address. What cannot be looked at
is told too. Name and password in an address are sent to that address alone.

Examples:
  linklight doctor
  linklight doctor --endpoint http://127.0.0.1:9000 --grafana-user admin --grafana-password-file password
  linklight doctor --format json

Exit codes: 0 nothing is wrong; 1 something is wrong, or nothing runs at all; 2 the command line is wrong.`;

interface DoctorFlags extends Readonly<Record<ServiceName, URL>> {
  readonly timeout: number;
  readonly format: "text" | "json";
  readonly grafanaUser?: string;
  readonly grafanaPasswordFile?: string;
}

/** Adds `linklight doctor`. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command("doctor")
    .summary("what is wrong with the pipeline here, and what to do about it")
    .description(
      "Looks at endpoint, Prometheus, Alertmanager, Grafana and the compose file of this folder, and says of everything that is wrong what to do.",
    )
    .helpOption("-h, --help", "print this help");
  for (const name of SERVICES) {
    command.addOption(
      serverUrlOption(`where ${SERVICE_TITLES[name]} is`, `--${name} <url>`, DEFAULT_URLS[name]),
    );
  }
  command
    .option("--grafana-user <name>", "also ask Grafana about its data sources, by this user")
    .option("--grafana-password-file <file>", "the file with that user's password")
    .addOption(
      new Option("--timeout <time>", "the longest that a server may take for an answer")
        .argParser(timeout)
        .default(DEFAULT_TIMEOUT_MS, formatDuration(DEFAULT_TIMEOUT_MS)),
    )
    .addOption(
      new Option("--format <format>", "what is printed: text or json")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText("after", HELP)
    .action((flags: DoctorFlags) => doctor(flags, command));
}

function timeout(text: string): number {
  let milliseconds = 0;
  try {
    milliseconds = parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  if (milliseconds < 1 || milliseconds > LONGEST_TIMEOUT_MS)
    throw new InvalidArgumentError("Expected 1ms to 1m.");
  return milliseconds;
}

async function doctor(flags: DoctorFlags, command: Command): Promise<void> {
  const grafanaLogin = await loginOf(flags);
  const address = (name: ServiceName): ServiceAddress => ({
    url: flags[name],
    isGiven: command.getOptionValueSource(name) !== "default",
  });
  const [{ CHECKS }, { examine }, { isAnythingWrong, jsonReport, textReport }] = await Promise.all([
    import("./checks.ts"),
    import("./examine.ts"),
    import("./report.ts"),
  ]);
  const findings = await examine(CHECKS, {
    addresses: {
      endpoint: address("endpoint"),
      prometheus: address("prometheus"),
      alertmanager: address("alertmanager"),
      grafana: address("grafana"),
    },
    timeoutMs: flags.timeout,
    folder: userPath("."),
    env: process.env,
    grafanaLogin,
  });
  const hasColours = process.stdout.isTTY && !process.env["NO_COLOR"];
  const report = flags.format === "json" ? jsonReport(findings) : textReport(findings, hasColours);
  process.stdout.write(report);
  // What is wrong has been printed.
  if (isAnythingWrong(findings)) throw new CommandFailure("", ExitCode.FAILED);
}

async function loginOf(flags: DoctorFlags): Promise<string | undefined> {
  const { grafanaUser: user, grafanaPasswordFile: file } = flags;
  if (user === undefined && file === undefined) return undefined;
  if (user === undefined || file === undefined) {
    throw new CommandFailure(
      "--grafana-user and --grafana-password-file belong together: give both",
      ExitCode.USAGE,
    );
  }
  if (user.includes(":"))
    throw new CommandFailure("--grafana-user: a name has no colon", ExitCode.USAGE);
  try {
    const password = (await readFile(userPath(file), "utf8")).trimEnd();
    return `${user}:${password}`;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : message;
    throw new CommandFailure(
      `--grafana-password-file: cannot read ${file}: ${reason}`,
      ExitCode.USAGE,
      { cause },
    );
  }
}
