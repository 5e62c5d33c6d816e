import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type FieldColor,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";

// Every colour says one thing, everywhere. Red is kept for what is wrong, so that it is seen.

/** Works as it should. */
export const GOOD = "green";
/** Not wrong yet: somebody should look. */
export const WARNING = "orange";
/** Wrong. Nothing else is red. */
export const WRONG = "red";
/** Neither good nor bad: a number. */
export const NEUTRAL = "blue";
/** Not in use, on purpose. */
export const IDLE = "#6e7077";
/** What arrives at a port. */
export const RECEIVED = "blue";
/** What leaves a port. */
export const TRANSMITTED = "purple";
/** What waits, in queues and buffers. */
export const WAITING = "yellow";
/** A second measurement beside another, such as the far end of a link. */
export const OTHER = "#5bc0be";

/** Colours by value: `base` below the first step, then that of each step from its value on. */
export interface Steps {
  readonly base: string;
  readonly steps: readonly (readonly [from: number, color: string])[];
}

/** A number about which nothing is good or bad. */
export const PLAIN: Steps = { base: NEUTRAL, steps: [] };
/** A count that should be zero. */
export const NONE_IS_GOOD: Steps = { base: GOOD, steps: [[1, WRONG]] };
/** How full a line is: orange when bursts begin to wait, red when it is as good as full. */
export const UTILIZATION: Steps = {
  base: NEUTRAL,
  steps: [
    [0.8, WARNING],
    [0.95, WRONG],
  ],
};
/** How full a table, a memory or a queue is. */
export const FULLNESS: Steps = {
  base: GOOD,
  steps: [
    [0.75, WARNING],
    [0.9, WRONG],
  ],
};
/** Distance to a limit that must not be crossed: negative is beyond it. */
export function margin(warningBelow: number): Steps {
  return {
    base: WRONG,
    steps: [
      [0, WARNING],
      [warningBelow, GOOD],
    ],
  };
}

/** Steps as Grafana has them. */
export function thresholds({ base, steps }: Steps): Builder<ThresholdsConfig> {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))]);
}

/** The colour of a value is that of the step it is in. */
export function byThresholds(): Builder<FieldColor> {
  return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

/** One colour, or shades of it where there are several series. */
export function oneColor(color: string, shades = false): Builder<FieldColor> {
  const mode = shades ? FieldColorModeId.Shades : FieldColorModeId.Fixed;
  return new FieldColorBuilder().mode(mode).fixedColor(color);
}

/** Words and colours for states that are numbers. */
export function states(
  words: Readonly<Record<string, readonly [text: string, color: string]>>,
): ValueMapping[] {
  const options = Object.entries(words).map(([value, [text, color]], index) => [
    value,
    { text, color, index },
  ]);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** 1 is up, 0 is down and wrong. */
export const UP_DOWN: ValueMapping[] = states({ 1: ["up", GOOD], 0: ["down", WRONG] });
/** What `portStatus` of expressions.ts gives: shut on purpose is not the same as down. */
export const PORT_STATUS: ValueMapping[] = states({
  2: ["up", GOOD],
  1: ["down", WRONG],
  0: ["shut", IDLE],
});
