import type { Switch } from "../fabric/fabric.ts";
import type { Effect } from "../incident/effect.ts";
import { mix, unit } from "../seed/mix.ts";
import { inSteps, wanderOf } from "../seed/wander.ts";
import type { SupplyReading } from "./chassis-reading.ts";
import { holds } from "./effect-following.ts";
import type { WarmthReading } from "./warmth.ts";

/** A fan at full speed; the power of a fan goes with the cube of its speed (affinity laws). */
const FAN_WATTS = 12;

/**
 * Of what a supply takes, what it gives: worse when it has little to do. An own estimate: 92 % at half load, where
 * 80 PLUS asks 92 … 94 % of the better supplies; these are best there, and a little worse at full load.
 */
const BEST_EFFICIENCY = 0.94;
const EFFICIENCY_LOST_IDLE = 0.1;

/**
 * The watts that a switch needs.
 *
 *   watts = idle + (what full load adds) · load + fans that turn · 12 · ratio³
 */
export function wattsOf(
  { profile }: Switch,
  warmth: WarmthReading,
  ratio: number,
  turning: number,
): number {
  const { idleWatts, loadWatts } = profile;
  return idleWatts + loadWatts * warmth.load + turning * FAN_WATTS * ratio * ratio * ratio;
}

/**
 * The power supplies, by their number. Those that work share the load, a little unevenly; one that has failed
 * shows nothing. With none left the switch is off from the next slot on (power-outages.ts).
 *
 *   input = output / (0.94 − 0.1 · (1 − share of what it could give)²)
 */
export function readSupplies(
  { profile }: Switch,
  state: number,
  watts: number,
  effects: readonly Effect[],
  seconds: number,
): readonly SupplyReading[] {
  const isUp = Array.from(
    { length: profile.psus },
    (_, i) =>
      !effects.some(
        (effect) => effect.kind === "psu-loss" && effect.psu === i && holds(effect, seconds),
      ),
  );
  const weight = (i: number): number => (isUp[i] ? 1 + 0.06 * (unit(state, 300 + i) - 0.5) : 0);
  const total = isUp.reduce((sum, _, i) => sum + weight(i), 0);
  // One alone has to be enough at full load, with a third to spare.
  const rated = 1.33 * (profile.idleWatts + profile.loadWatts + profile.fans * FAN_WATTS);
  return isUp.map((up, i) => {
    if (!up) return { psu: i + 1, isUp: false, inputWatts: 0, outputWatts: 0, inputVolts: 0 };
    const output = (watts * weight(i)) / total;
    const idle = 1 - Math.min(1, output / rated);
    const efficiency = BEST_EFFICIENCY - EFFICIENCY_LOST_IDLE * idle * idle;
    const volts =
      230 + 1.5 * wanderOf(mix(state, 301))(seconds) + 0.4 * (unit(state, 310 + i) - 0.5);
    return {
      psu: i + 1,
      isUp: true,
      inputWatts: inSteps(output / efficiency, 10),
      outputWatts: inSteps(output, 10),
      inputVolts: inSteps(volts, 10),
    };
  });
}
