import { type Command, InvalidArgumentError, Option } from "commander";
import type { OutputFormat } from "./print-value.ts";

const TIMES = `
Times are seconds since 1970, or such as 2026-02-01T12:30:00Z.

Exit codes: 0 answered; 1 not answered, or the query is wrong; 2 the command line is wrong.`;

const INSTANT_EXAMPLES = `
Examples:
  linklight query instant http://localhost:9090 up
  linklight query instant -o json http://localhost:9090 'sum by (port) (rate(rx_packets_total[5m]))'`;

const RANGE_EXAMPLES = `
Examples:
  linklight query range http://localhost:9090 'rate(rx_packets_total[5m])'
  linklight query range --start 2026-02-01T12:00:00Z --end 2026-02-01T13:00:00Z --step 1m http://localhost:9090 up`;

interface CommonFlags {
  readonly format: OutputFormat;
  readonly header?: Readonly<Record<string, string>>;
}

interface InstantFlags extends CommonFlags {
  readonly time?: string;
}

interface RangeFlags extends CommonFlags {
  readonly start?: string;
  readonly end?: string;
  readonly step?: string;
}

/** Adds `linklight query` with its subcommands: a server of linklight or of Prometheus is asked over HTTP. */
export function addQueryCommand(program: Command): void {
  const query = program
    .command("query")
    .summary("ask a server in PromQL: instant, range")
    .description("Asks a server, of linklight or of Prometheus, in PromQL, as promtool does.")
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  asking(query.command("instant"))
    .summary("what an expression is worth at one time")
    .description("Prints what an expression is worth at one time.")
    .option("--time <time>", "when; now where it is missing")
    .addHelpText("after", `${TIMES}\n${INSTANT_EXAMPLES}`)
    .action(async (server: URL, expr: string, { format, header, time }: InstantFlags) => {
      const { queryInstant } = await import("./run-query.ts");
      await queryInstant({ server, headers: header ?? {}, format, expr, time });
    });
  asking(query.command("range"))
    .summary("what an expression is worth from one time to another")
    .description("Prints what an expression is worth from one time to another.")
    .option("--start <time>", "from when; five minutes before the end where it is missing")
    .option("--end <time>", "until when; now where it is missing")
    .option(
      "--step <duration>",
      "how far apart, such as 15s; a 250th of the time where it is missing",
    )
    .addHelpText("after", `${TIMES}\n${RANGE_EXAMPLES}`)
    .action(async (server: URL, expr: string, { format, header, ...range }: RangeFlags) => {
      const { queryRange } = await import("./run-query.ts");
      await queryRange({ server, headers: header ?? {}, format, expr, ...range });
    });
}

/** Adds what both of them take. */
function asking(command: Command): Command {
  return command
    .argument("<server>", "where the server is, such as http://localhost:9090", serverUrl)
    .argument("<expr>", "the expression")
    .addOption(
      new Option("-o, --format <format>", "promql, for people, or json")
        .choices(["promql", "json"])
        .default("promql"),
    )
    .addOption(
      new Option("--header <name=value>", "a header to send (repeatable)").argParser(header),
    );
}

function serverUrl(text: string): URL {
  const whole = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError("Expected an address such as http://localhost:9090.");
  return url;
}

function header(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(`Expected name=value, got '${text}'.`);
  return { ...earlier, [name]: value };
}
