import type { Switch } from "../fabric/fabric.ts";
import type { Effect } from "../incident/effect.ts";
import type { SensorThresholds } from "../optics/optic.ts";
import { unit } from "../seed/mix.ts";
import { inSteps } from "../seed/wander.ts";
import type { FanReading, TemperatureReading } from "./chassis-reading.ts";
import { holds } from "./effect-following.ts";
import type { WarmthReading } from "./warmth.ts";

/** A 40 mm fan of a switch one unit high; this and the straight line below are own estimates. */
const MOST_RPM = 18_000;
/** Fans turn at this part of their speed while the ASIC is no warmer than this, and faster above. */
const LOWEST_RATIO = 0.34;
const QUIET_CELSIUS = 45;
const RATIO_PER_KELVIN = 0.011;
/** How much faster the others turn when one has failed. */
const FAILED_FAN_FACTOR = 1.25;

const limits = (
  lowAlarm: number,
  lowWarning: number,
  highWarning: number,
  highAlarm: number,
): SensorThresholds => ({ lowAlarm, lowWarning, highWarning, highAlarm });

/**
 * Sensors, and how far above the inlet each is: without load, what full load adds, and which part of the heat
 * that failed fans leave there. The inlet may take 40 °C (class A3 of ASHRAE's Thermal Guidelines for Data Processing
 * Environments, 2021: 5 … 40 °C). The rest are own estimates; makers let ASICs get 90 … 120 °C hot before they stop.
 */
const SENSORS = [
  { sensor: "inlet", rise: 0, load: 0, missing: 0.1, thresholds: limits(-5, 0, 40, 45) },
  { sensor: "asic", rise: 21, load: 26, missing: 1, thresholds: limits(-5, 0, 85, 95) },
  { sensor: "cpu", rise: 17, load: 9, missing: 0.8, thresholds: limits(-5, 0, 80, 90) },
  { sensor: "exhaust", rise: 8, load: 10, missing: 0.9, thresholds: limits(-5, 0, 60, 70) },
] as const;

/** The temperature sensors: inlet plus rise, plus load, plus what failed fans leave; steps of 0.1 °C. */
export function readTemperatures(warmth: WarmthReading): readonly TemperatureReading[] {
  return SENSORS.map(({ sensor, rise, load, missing, thresholds }) => ({
    sensor,
    celsius: inSteps(
      warmth.inletCelsius + rise + load * warmth.load + missing * warmth.missingAirCelsius,
      10,
    ),
    thresholds,
  }));
}

/**
 * The speed of the fans that turn, as a part of the most, before rounding: a straight line of the temperature of
 * the ASIC, a quarter more when a fan has failed.
 *
 *   ratio = (0.34 + 0.011 · max(0, asic − 45)) · (1.25 if one has failed), at most 1
 */
export function fanRatio(
  warmth: WarmthReading,
  effects: readonly Effect[],
  seconds: number,
): number {
  const asic = warmth.inletCelsius + SENSORS[1].rise + SENSORS[1].load * warmth.load;
  // The heat that failed fans leave is answered by the quarter, so that fans and heat do not chase each other.
  const ratio = LOWEST_RATIO + RATIO_PER_KELVIN * Math.max(0, asic - QUIET_CELSIUS);
  const hasFailed = effects.some(
    (effect) => effect.kind === "fan-failure" && holds(effect, seconds),
  );
  return Math.min(1, ratio * (hasFailed ? FAILED_FAN_FACTOR : 1));
}

/** The fans, by their number: each turns a little differently, in steps of 1 %; a failed one stands. */
export function readFans(
  { profile }: Switch,
  state: number,
  ratio: number,
  effects: readonly Effect[],
  seconds: number,
): readonly FanReading[] {
  return Array.from({ length: profile.fans }, (_, i) => {
    const isUp = !effects.some(
      (effect) => effect.kind === "fan-failure" && effect.fan === i && holds(effect, seconds),
    );
    const own = 1 + 0.03 * (unit(state, 200 + i) - 0.5);
    return {
      fan: i + 1,
      isUp,
      rpm: isUp ? Math.round(100 * Math.min(1, ratio * own)) * (MOST_RPM / 100) : 0,
    };
  });
}
