import { type Command, InvalidArgumentError, Option } from "commander";
import type { CreateFlags } from "./create-blocks.ts";
import type { DumpFlags } from "./dump.ts";

const DIRECTORY = "the directory of the database, of linklight or of Prometheus";

const READING = `
Nothing in the directory is changed, and it may be open elsewhere.

Exit codes: 0 done; 1 the directory cannot be read; 2 the command line is wrong.`;

const CREATE_HELP = `
Every sample needs a time. Samples of one series ascend in time; series may come in any order. A block
holds two hours.

Example:
  linklight simulate --from 1d --step 15s --output day.om
  linklight tsdb create-blocks-from openmetrics day.om data

Exit codes: 0 done; 1 the file is wrong: the line is named; 2 the command line is wrong.`;

/** Adds `linklight tsdb` with its subcommands. */
export function addTsdbCommand(program: Command): void {
  const tsdb = program
    .command("tsdb")
    .summary(
      "look into a database and make blocks: list, analyze, dump, dump-openmetrics, create-blocks-from",
    )
    .description(
      "Looks into the directory of a database, of linklight or of Prometheus, and makes blocks, as promtool does.",
    )
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  addListCommand(tsdb);
  addAnalyzeCommand(tsdb);
  addDumpCommands(tsdb);
  addCreateBlocksCommand(tsdb);
}

function addListCommand(tsdb: Command): void {
  tsdb
    .command("list")
    .summary("list the blocks")
    .description("Lists the blocks: their times, what they hold, their size.")
    .argument("[directory]", DIRECTORY, "data/")
    .option("-r, --human-readable", "print times and sizes for people")
    .addHelpText("after", READING)
    .action(async (directory: string, flags: { readonly humanReadable?: boolean }) => {
      const { list } = await import("./list.ts");
      await list(directory, flags);
    });
}

function addAnalyzeCommand(tsdb: Command): void {
  tsdb
    .command("analyze")
    .summary("say which labels make the series of a block so many")
    .description(
      "Says of a block which label names, label pairs and metric names have most series, and which come and go.",
    )
    .argument("[directory]", DIRECTORY, "data/")
    .argument("[block]", "the block; the last one where it is missing")
    .option("--limit <number>", "how many lines a list has", numberOfLines, 20)
    .option("--match <selector>", "only series of this selector")
    .option("--extended", "also say how full chunks are")
    .addHelpText("after", READING)
    .action(
      async (
        directory: string,
        block: string | undefined,
        flags: { readonly limit: number; readonly match?: string; readonly extended?: boolean },
      ) => {
        const { analyze } = await import("./analyze.ts");
        await analyze(directory, block, flags);
      },
    );
}

function addDumpCommands(tsdb: Command): void {
  dumping(tsdb.command("dump"))
    .summary("print all samples")
    .description("Prints all samples, a line each: labels, value, time in ms.")
    .action(async (directory: string, flags: DumpFlags) => {
      const { dump } = await import("./dump.ts");
      await dump(directory, flags);
    });
  dumping(tsdb.command("dump-openmetrics"))
    .summary("print all samples in OpenMetrics")
    .description(
      "Prints all samples in OpenMetrics, without staleness markers, which it cannot say.",
    )
    .action(async (directory: string, flags: DumpFlags) => {
      const { dumpOpenMetrics } = await import("./dump.ts");
      await dumpOpenMetrics(directory, flags);
    });
}

function dumping(command: Command): Command {
  return command
    .argument("[directory]", DIRECTORY, "data/")
    .option(
      "--min-time <ms>",
      "samples from this time on, ms since 1970",
      wholeNumber,
      Number.MIN_SAFE_INTEGER,
    )
    .option(
      "--max-time <ms>",
      "samples up to this time, ms since 1970",
      wholeNumber,
      Number.MAX_SAFE_INTEGER,
    )
    .option("--match <selector>", "only series of this selector; may be repeated", collect)
    .addOption(
      // Scripts for promtool give it, which writes chunks of the head there.
      new Option("--sandbox-dir-root <directory>", "not needed").hideHelp(),
    )
    .addHelpText("after", READING);
}

function addCreateBlocksCommand(tsdb: Command): void {
  const from = tsdb
    .command("create-blocks-from")
    .summary("make blocks of a file: openmetrics")
    .description("Makes blocks that linklight and Prometheus read.")
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  from
    .command("openmetrics")
    .summary("make blocks of an OpenMetrics file")
    .description("Makes blocks of the samples of an OpenMetrics file.")
    .argument("<file>", "the file")
    .argument("[directory]", "where the blocks go", "data/")
    .option("-r, --human-readable", "print times and sizes for people")
    .option("-q, --quiet", "do not print the blocks")
    .option("--label <name=value>", "a label that every series gets; may be repeated", collect)
    .addHelpText("after", CREATE_HELP)
    .action(async (file: string, directory: string, flags: CreateFlags) => {
      const { createBlocks } = await import("./create-blocks.ts");
      await createBlocks(file, directory, flags);
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("expected a whole number");
  return value;
}

function numberOfLines(text: string): number {
  const value = wholeNumber(text);
  if (value < 0) throw new InvalidArgumentError("expected 0 or more");
  return value;
}
