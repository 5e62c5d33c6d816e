import { type Command, InvalidArgumentError, Option } from "commander";

// As in the simulator, which is loaded only when it is needed.
const DEFAULT_FABRIC = "leaf-48x25g-8x100g";
const MAX_TIME_SPEED = 60;
const MAX_SEED = 2 ** 32 - 1;

/** Adds the options that say which switches are simulated, and how much of them is shown. */
export function addSwitchOptions(command: Command): Command {
  return command
    .option(
      "--fabric <fabric>",
      "a profile such as spine-32x100g, leaf-spine:LEAVESxSPINES, or a YAML file",
      DEFAULT_FABRIC,
    )
    .addOption(
      new Option(
        "--seed <number>",
        "another one makes another fabric of the same shape (default: 1, or that of the file)",
      ).argParser(seed),
    )
    .option(
      "--failures <rates>",
      "what fails by itself: none, usual, or frequent to wait less",
      "none",
    )
    .option(
      "--switch.detail <detail>",
      "normal or full: full shows idle queues, frame sizes and all of every port",
      "normal",
    );
}

/** Adds the options that say what the collector `switch` simulates. */
export function addSimulationOptions(command: Command): Command {
  return addSwitchOptions(command.optionsGroup("Simulated switches (collector switch):"))
    .option(
      "--scenario <file>",
      "YAML file of incidents; times such as 2h count from the first start",
    )
    .option(
      "--incident-log <file>",
      "JSON lines that tell what went wrong; what was started by hand is read again",
    )
    .option("--enable-incidents", "let linklight incident, and POST /incidents, break things")
    .addOption(
      new Option("--time.speed <factor>", "simulated seconds in a second, at most 60")
        .argParser(speed)
        .default(1),
    );
}

/** The first option that was given and needs the collector `switch`, as one types it. */
export function givenSimulationOption(command: Command): string | undefined {
  return SIMULATION_OPTIONS.find((flag) => {
    const option = command.options.find(({ long }) => long === flag);
    return option && command.getOptionValueSource(option.attributeName()) === "cli";
  });
}

const SIMULATION_OPTIONS = [
  "--fabric",
  "--seed",
  "--failures",
  "--switch.detail",
  "--scenario",
  "--incident-log",
  "--enable-incidents",
  "--time.speed",
];

function seed(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= MAX_SEED))
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${MAX_SEED}.`);
  return number;
}

function speed(text: string): number {
  const factor = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(factor > 0 && factor <= MAX_TIME_SPEED)) {
    throw new InvalidArgumentError(`Expected a number above 0, at most ${MAX_TIME_SPEED}.`);
  }
  return factor;
}
