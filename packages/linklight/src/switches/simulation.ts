import { readFileSync } from "node:fs";
import type { Logger } from "@linklight/model";
import {
  type Detail,
  type Fabric,
  FabricError,
  type FailureRatesName,
  fabricOf,
  IncidentLog,
  Life,
  type Simulation,
  type SimulationClock,
  SwitchCollectors,
  simulate,
  simulationClock,
} from "@linklight/simulator";
import { CommandFailure, ExitCode } from "../failure.ts";
import { userPath } from "../user-path.ts";
import { readVersion } from "../version.ts";
import { checkChoices } from "./check-choices.ts";

/** The flags that say what the collector `switch` simulates. */
export interface SimulationFlags {
  /** A profile, `leaf-spine:LEAVESxSPINES` or the path of a YAML file. */
  readonly fabric: string;
  readonly seed?: number;
  /** How often things fail by themselves. */
  readonly failures: FailureRatesName;
  /** The path of a scenario in YAML. */
  readonly scenario?: string;
  /** The path of a file of JSON lines. */
  readonly incidentLog?: string;
  readonly enableIncidents?: boolean;
  readonly "time.speed": number;
  readonly "switch.detail": Detail;
}

/** A simulation that runs behind an endpoint. */
export interface RunningSimulation {
  readonly simulation: Simulation;
  readonly clock: SimulationClock;
  readonly incidents: IncidentLog;
  readonly collectors: SwitchCollectors;
}

/**
 * Starts the simulation that the flags describe. Throws what the user must know when they describe none:
 * CommandFailure, FabricError, or YamlError with every problem of a file.
 */
export function openSimulation(flags: SimulationFlags, logger: Logger): RunningSimulation {
  checkChoices(flags);
  const fabric = openFabric(flags);
  const clock = simulationClock({ epoch: fabric.epoch, speed: flags["time.speed"] });
  const { scenario, incidentLog } = flags;
  const incidents = IncidentLog.open({
    fabric,
    now: clock.seconds,
    life: new Life({ fabric, rates: flags.failures }),
    ...(incidentLog !== undefined && { file: userPath(incidentLog) }),
    ...(scenario !== undefined && { scenario: { file: scenario, text: readText(scenario) } }),
    logger: logger.named("incidents"),
  });
  const simulation = simulate(fabric, incidents);
  const collectors = new SwitchCollectors({
    simulation,
    clock,
    incidents,
    detail: flags["switch.detail"],
    version: readVersion(),
    logger: logger.named("switch"),
  });
  return { simulation, clock, incidents, collectors };
}

/** Builds the fabric that `--fabric` and `--seed` describe. Throws as {@link openSimulation} does. */
export function openFabric({ fabric, seed }: Pick<SimulationFlags, "fabric" | "seed">): Fabric {
  try {
    return fabricOf(fabric, {
      ...(seed !== undefined && { seed }),
      readFile: (file) => readFileSync(userPath(file), "utf8"),
    });
  } catch (error) {
    // What is no file is a misspelt word of the command line.
    if (error instanceof FabricError && !isPath(fabric))
      throw new CommandFailure(`--fabric: ${error.message}`, ExitCode.USAGE, { cause: error });
    throw error;
  }
}

function isPath(text: string): boolean {
  return /[/\\]|\.ya?ml$/.test(text);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

/** The text of a scenario. Throws CommandFailure when it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(userPath(file), "utf8");
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    throw new CommandFailure(
      `cannot read the scenario ${file}: ${UNREADABLE[code] ?? message}`,
      ExitCode.FAILED,
      { cause },
    );
  }
}
