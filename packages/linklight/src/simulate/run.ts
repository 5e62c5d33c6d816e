import process from "node:process";
import {
  type Detail,
  type FailureRatesName,
  IncidentLog,
  Life,
  type MomentGrid,
  momentGrid,
  type SeriesSource,
  simulate,
  switchHistory,
} from "@linklight/simulator";
import { createLogger } from "@linklight/toolkit";
import { CommandFailure, ExitCode } from "../failure.ts";
import { checkChoices } from "../switches/check-choices.ts";
import { openFabric, readText } from "../switches/simulation.ts";
import { userPath } from "../user-path.ts";
import { interruptible } from "./interrupt.ts";
import { type Output, openOutput, streamOutput } from "./output.ts";
import { progressBar, shownCount, shownSize } from "./progress.ts";
import { targetLabels } from "./target-labels.ts";
import { writeBlocks } from "./write-blocks.ts";
import { type HistoryProgress, writeHistory } from "./write-history.ts";

/** The flags of `linklight simulate`, by the names under which the command line gives them. */
export interface SimulateFlags {
  readonly from: string;
  readonly to?: string;
  readonly step: string;
  /** A path, or `-` for standard output; for blocks the directory. */
  readonly output: string;
  readonly outputFormat: "openmetrics" | "blocks";
  readonly fabric: string;
  readonly seed?: number;
  /** How often things fail by themselves. */
  readonly failures: FailureRatesName;
  readonly "switch.detail": Detail;
  /** The path of a scenario in YAML; relative times count from the start of the history. */
  readonly scenario?: string;
  /** The path of an incident log that is read: what was started by hand happens in the history too. */
  readonly incidentLog?: string;
  readonly metrics?: readonly string[];
  readonly label?: ReadonlyMap<string, string>;
}

/**
 * Writes the history that the flags describe, and says on standard error what it has written. Rejects with
 * what the user must know when it cannot; then there is no file.
 */
export async function runSimulate(flags: SimulateFlags): Promise<void> {
  const startedAt = performance.now();
  const grid = asUsage(() => momentGrid(flags, Date.now()));
  if (flags.outputFormat === "blocks") {
    await runBlocks(flags, grid, startedAt);
    return;
  }
  const source = openHistory(flags, grid);
  const written =
    flags.output === "-"
      ? // Nothing is left behind there: signals end the program as they end any other.
        await write(source, streamOutput(process.stdout))
      : await writeFile(source, userPath(flags.output));
  if (written === undefined) return;
  const seconds = (performance.now() - startedAt) / 1000;
  const { samples, series, bytes } = written;
  const where = flags.output === "-" ? "standard output" : flags.output;
  process.stderr.write(
    `wrote ${shownCount(samples)} samples of ${shownCount(series)} series to ${where}: ${shownSize(bytes)} in ${seconds.toFixed(1)} s\n`,
  );
}

async function runBlocks(flags: SimulateFlags, grid: MomentGrid, startedAt: number): Promise<void> {
  if (flags.output === "-")
    throw new CommandFailure("--output -: blocks are a directory, name one", ExitCode.USAGE);
  const { signal, release } = interruptible();
  try {
    const { blocks, samples } = await writeBlocks(
      (part) => openHistory(flags, part),
      grid,
      userPath(flags.output),
      signal,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    process.stderr.write(
      `wrote ${shownCount(samples)} samples in ${shownCount(blocks)} blocks to ${flags.output} in ${seconds.toFixed(1)} s\n`,
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CommandFailure(
      `ended by ${signal.reason}: the blocks that were complete are in ${flags.output}`,
      signal.reason === "SIGINT" ? ExitCode.INTERRUPTED : ExitCode.TERMINATED,
      { cause: error },
    );
  } finally {
    release();
  }
}

function openHistory(flags: SimulateFlags, grid: MomentGrid): SeriesSource {
  checkChoices(flags);
  const fabric = openFabric(flags);
  const { scenario, incidentLog, metrics, label = new Map() } = flags;
  const from = grid.fromMs / 1000 - fabric.epoch;
  if (from < 0) {
    const begin = new Date(fabric.epoch * 1000).toJSON();
    throw new CommandFailure(
      `--from ${flags.from}: lies before ${begin}, when the simulation begins; take a later time`,
      ExitCode.USAGE,
    );
  }
  const incidents = IncidentLog.open({
    fabric,
    now: () => from,
    life: new Life({ fabric, rates: flags.failures }),
    ...(incidentLog !== undefined && { file: userPath(incidentLog), isReadOnly: true }),
    ...(scenario !== undefined && { scenario: { file: scenario, text: readText(scenario) } }),
    logger: createLogger({ level: "warn", scope: "simulate" }),
  });
  const isOneOfSeveral = fabric.switches.length > 1;
  return asUsage(() =>
    switchHistory({
      simulation: simulate(fabric, incidents),
      grid,
      incidents,
      targetLabels: (node) => targetLabels(node, { isOneOfSeveral, given: label }),
      metrics,
      detail: flags["switch.detail"],
    }),
  );
}

/** What is a RangeError in there was wrong on the command line. */
function asUsage<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandFailure(error.message, ExitCode.USAGE, { cause: error });
  }
}

async function writeFile(source: SeriesSource, path: string): Promise<HistoryProgress | undefined> {
  const { signal, release } = interruptible();
  try {
    return await write(source, await openOutput(path), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CommandFailure(
      `ended by ${signal.reason}: ${path} was not written`,
      signal.reason === "SIGINT" ? ExitCode.INTERRUPTED : ExitCode.TERMINATED,
      { cause: error },
    );
  } finally {
    release();
  }
}

async function write(
  source: SeriesSource,
  output: Output,
  signal?: AbortSignal,
): Promise<HistoryProgress | undefined> {
  const bar = await progressBar();
  try {
    return await writeHistory(source.families, source.grid, output, {
      ...(signal !== undefined && { signal }),
      onProgress: (progress) => bar.update(source.progress, progress),
    });
  } finally {
    bar.stop();
  }
}
