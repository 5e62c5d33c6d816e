import { FAILURE_RATES } from "@linklight/simulator";
import { closest } from "@linklight/toolkit";
import { CommandFailure, ExitCode } from "../failure.ts";

/** Flags that take one of a few words. */
type ChosenFlag = "failures" | "switch.detail";

const CHOICES: Readonly<Record<ChosenFlag, readonly string[]>> = {
  failures: [...FAILURE_RATES.keys()],
  "switch.detail": ["normal", "full"],
};

/** Throws CommandFailure for the first flag that is none of its choices, with the word that was probably meant. */
export function checkChoices(flags: Readonly<Record<ChosenFlag, string>>): void {
  for (const flag of Object.keys(CHOICES) as ChosenFlag[]) {
    const choices = CHOICES[flag];
    const given = flags[flag];
    if (choices.includes(given)) continue;
    const near = closest(given, choices);
    const advice = near === undefined ? "" : `; did you mean ${near}?`;
    const listed = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
    throw new CommandFailure(`--${flag} ${given}: expected ${listed}${advice}`, ExitCode.USAGE);
  }
}
