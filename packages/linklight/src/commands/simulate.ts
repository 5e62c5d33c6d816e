import { type Command, InvalidArgumentError, Option } from "commander";
import type { SimulateFlags } from "../simulate/run.ts";
import { addSwitchOptions } from "./simulation-options.ts";

const EXAMPLES = `
Times are a time ago such as 30d, a date such as 2026-02-01T12:30:00Z, or seconds since 1970.

Every sample has the labels that a scrape of its switch gives it: job="custom prometheus", group="custom",
instance, which is the name of the switch, and where there are several also switch. Where a scrape has others,
give them, and it goes on with the same series: --label instance=localhost:8000.

The file appears when it is complete. Ended by Ctrl-C (exit code 130), it leaves nothing behind.

Examples:
  linklight simulate --from 30d --step 15s --output history.om
  promtool tsdb create-blocks-from openmetrics history.om ./data
  linklight simulate --from 7d --step 15s --output-format blocks --output ./data
  linklight simulate --from 7d --step 60s --fabric leaf-spine:4x2 --scenario bad-week.yml --output week.om
  linklight simulate --from 1h --step 15s --metrics switch_port_up --output - | less`;

/** Adds `linklight simulate`: the history of simulated switches. */
export function addSimulateCommand(program: Command): void {
  const command = program
    .command("simulate")
    .summary("write the history of simulated switches, as OpenMetrics or as blocks")
    .description(
      "Writes the history of simulated switches as OpenMetrics, or as blocks of Prometheus' database.",
    )
    .optionsGroup("What to write:")
    .requiredOption("--from <time>", "the start, such as 30d for thirty days ago")
    .option("--to <time>", "the end (default: now)")
    .requiredOption("--step <duration>", "time between two samples of a series, such as 15s")
    .requiredOption(
      "--output <file>",
      "the file; - for standard output; for blocks the directory of the database",
      fileName,
    )
    .addOption(
      new Option(
        "--output-format <format>",
        "a page of OpenMetrics, or blocks that linklight and Prometheus read as they are",
      )
        .choices(["openmetrics", "blocks"])
        .default("openmetrics"),
    )
    .addOption(
      new Option(
        "--metrics <names>",
        "only these, with commas between (repeatable); up is always written",
      ).argParser(names),
    )
    .addOption(
      new Option(
        "--label <name=value>",
        "a label of every sample, instead of one of the job; without a value, none of that name (repeatable)",
      ).argParser(label),
    );
  addSwitchOptions(command.optionsGroup("Simulated switches:"))
    .option("--scenario <file>", "YAML file of incidents; times such as 2h count from --from")
    .option(
      "--incident-log <file>",
      "log of an endpoint, which is only read: what was started by hand happens again",
    )
    .optionsGroup("Help:")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: SimulateFlags) => {
      const { runSimulate } = await import("../simulate/run.ts");
      await runSimulate(flags);
    });
}

function names(text: string, earlier: readonly string[] = []): readonly string[] {
  const given = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (given.length === 0)
    throw new InvalidArgumentError("Expected names of metrics, with commas between.");
  return [...earlier, ...given];
}

// An empty one, as of a variable that is not set, is no name of a file.
function fileName(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("Expected the name of a file, or - for standard output.");
}

function label(
  text: string,
  earlier: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const [, name, value] = /^([a-zA-Z_][a-zA-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Expected NAME=VALUE, such as --label site=lab.");
  if (name.startsWith("__"))
    throw new InvalidArgumentError("Names that begin with __ are Prometheus' own.");
  return new Map([...earlier, [name, value]]);
}
