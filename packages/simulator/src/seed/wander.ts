import { unit } from "./mix.ts";
import { sineOfTurns } from "./sine.ts";

/** A slow, smooth wandering between −1 and 1, by time in seconds. */
export type Wander = (seconds: number) => number;

/**
 * A wandering of its own for every state: two sines of some hours and of some minutes, with lengths and phases by
 * hash. What sensors show of a thing that does not change.
 */
export function wanderOf(state: number): Wander {
  const hours = 3600 * (5 + 4 * unit(state, 1));
  const minutes = 60 * (20 + 30 * unit(state, 2));
  const [first, second] = [unit(state, 3), unit(state, 4)];
  return (seconds) =>
    0.6 * sineOfTurns(seconds / hours + first) + 0.4 * sineOfTurns(seconds / minutes + second);
}

/** A reading as a sensor gives it: the nearest of `perUnit` steps a unit. */
export function inSteps(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}
