import { type Command, Option } from "commander";
import { enabledFeatures } from "./enabled-features.ts";
import type { ExplainFlags } from "./explain.ts";
import type { FormatFlags } from "./format.ts";

const FORMAT_EXAMPLES = `
Examples:
  linklight promql format 'sum by(port)(rate(rx_packets_total{switch="leaf-1"}[5m]))/scalar(count(up))'
  cat query.promql | linklight promql format -

Exit codes: 0 formatted; 1 it is no query: the place is marked; 2 the command line is wrong.`;

const EXPLAIN_HELP = `
A file of samples is a script in Prometheus' test language (what its load commands load), a page of metrics, or
a history in OpenMetrics. With --start, --end or --step the query is one over a range; what is missing of the
times is taken from the samples. A sample without a time has that of the query. Times are seconds since 1970,
or such as 2026-02-01T12:30:00Z.

Of each part of the expression it says the type, and where there are samples: how many series it has; how many
samples it gave at all steps, or read from the storage; the time it took by itself, and with all inside it.

Examples:
  linklight promql explain 'sum by (port) (rate(rx_packets_total[5m]))'
  linklight simulate --from 1h --step 15s --output hour.om
  linklight promql explain --data hour.om --step 1m 'sum by (port) (rate(switch_port_receive_bytes_total[5m]))'

Exit codes: 0 explained; 1 it is no query, or has no result; 2 the command line is wrong.`;

/** Adds `linklight promql` with its subcommands. */
export function addPromqlCommand(program: Command): void {
  const promql = program
    .command("promql")
    .summary("format and explain queries")
    .description("Formats PromQL, and explains what a query does.")
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  addFormatCommand(promql);
  addExplainCommand(promql);
}

function addFormatCommand(promql: Command): void {
  promql
    .command("format")
    .summary("print a query as Prometheus writes it")
    .description(
      "Prints a query as promtool promql format does: over as many lines as it needs to be read.",
    )
    .argument("<expr>", "the query; standard input for -")
    .addOption(featuresOption())
    .addHelpText("after", FORMAT_EXAMPLES)
    .action(async (expr: string, flags: FormatFlags) => {
      const { formatQuery } = await import("./format.ts");
      await formatQuery(expr, flags);
    });
}

function addExplainCommand(promql: Command): void {
  const range = ["start", "end", "step"];
  promql
    .command("explain")
    .summary("show the parts of a query, their types, and what they cost")
    .description(
      "Shows the tree of a query with the type of every part; with samples, what each part gave and took.",
    )
    .argument("<expr>", "the query; standard input for -")
    .option("--data <file>", "the samples to evaluate it over; standard input for -")
    .addOption(
      new Option("--time <time>", "when; at the last of the samples where it is missing").conflicts(
        range,
      ),
    )
    .option("--start <time>", "from when; the first of the samples where it is missing")
    .option("--end <time>", "until when; the last of the samples where it is missing")
    .option(
      "--step <duration>",
      "how far apart, such as 15s; a 250th of the time where it is missing",
    )
    .addOption(
      new Option("-o, --format <format>", "tree, for people, or json")
        .choices(["tree", "json"])
        .default("tree"),
    )
    .addOption(featuresOption())
    .addHelpText("after", EXPLAIN_HELP)
    .action(async (expr: string, flags: ExplainFlags) => {
      const { explain } = await import("./explain.ts");
      await explain(expr, flags);
    });
}

function featuresOption(): Option {
  return new Option(
    "--enable-feature <features>",
    "Prometheus' feature flags, separated by commas, or none (default: all of PromQL)",
  ).argParser(enabledFeatures);
}
