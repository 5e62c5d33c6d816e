import type { Effect, EffectKind, Span } from "../incident/effect.ts";

/** How many time constants after the end of an effect nothing of it is left. */
const FADED = 12;

/**
 * How far a thing has followed an effect, 0 … 1, that it follows with a time constant: also after its end, until
 * nothing is left.
 */
export function approach({ from, to }: Span, seconds: number, timeConstant: number): number {
  if (seconds <= from) return 0;
  const reached = 1 - Math.exp(-(Math.min(seconds, to) - from) / timeConstant);
  if (seconds < to) return reached;
  const since = (seconds - to) / timeConstant;
  return since > FADED ? 0 : reached * Math.exp(-since);
}

/** Whether an effect holds at a moment. */
export function holds({ from, to }: Span, seconds: number): boolean {
  return from <= seconds && seconds < to;
}

/** Whether any effect of a kind holds at a moment. */
export function anyHolds(effects: readonly Effect[], kind: EffectKind, seconds: number): boolean {
  return effects.some((effect) => effect.kind === kind && holds(effect, seconds));
}
