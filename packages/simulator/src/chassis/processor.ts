import type { Switch } from "../fabric/fabric.ts";
import type { Effect } from "../incident/effect.ts";
import { mix, unit } from "../seed/mix.ts";
import { inSteps, wanderOf } from "../seed/wander.ts";
import type { MemoryReading } from "./chassis-reading.ts";
import { approach, holds } from "./effect-following.ts";
import type { WarmthReading } from "./warmth.ts";

/** The usage of a processor is a mean of this long. */
const MEAN_SECONDS = 10;

/** Packets go by without the processor; a few of every kind need it. */
const FULL_LOAD_USAGE = 0.06;
const CHURN_USAGE = 0.4;
const FLOOD_USAGE = 0.25;
/** Just after its start a switch has much to do, for a few minutes. */
const START_USAGE = 0.5;
const START_SECONDS = 90;

/** A system that has no memory left still has this part. */
const LEAST_AVAILABLE = 0.02;

/** How many cores the control processor has: small switches have two. */
export function coreCount({ profile }: Switch): number {
  return profile.memoryBytes >= 8e9 ? 4 : 2;
}

/** What keeps a processor busy. */
export interface Work {
  readonly warmth: WarmthReading;
  /** 0 … 1, from BGP sessions that were lost or found. */
  readonly churn: number;
  readonly startedAt: number;
}

/**
 * The usage of each core of the control processor, 0 … 1, in steps of a thousandth.
 *
 *   usage = own (3 … 9 %) + 6 % · load + 40 % · churn + 25 % · flood + 50 % · e^(−(t − start)/90 s) ± 1.5 %
 *
 * A leaking process is busy freeing what it cannot: up to 5 % when no memory is left.
 */
export function readCores(
  node: Switch,
  state: number,
  { warmth, churn, startedAt }: Work,
  effects: readonly Effect[],
  seconds: number,
): readonly number[] {
  const flood = effects.reduce(
    (most, effect) =>
      effect.kind === "mac-flood" ? Math.max(most, approach(effect, seconds, 20)) : most,
    0,
  );
  const start = startedAt === 0 ? 0 : Math.exp(-(seconds - startedAt) / START_SECONDS);
  const leak = Math.min(1, leakedBytes(effects, seconds, startedAt) / node.profile.memoryBytes);
  const shared =
    FULL_LOAD_USAGE * warmth.load +
    CHURN_USAGE * churn +
    FLOOD_USAGE * flood +
    START_USAGE * start +
    0.05 * leak;
  return Array.from({ length: coreCount(node) }, (_, core) => {
    const own = 0.03 + 0.06 * unit(state, 600 + core);
    const noise = 0.03 * (unit(mix(state, 610 + core), Math.floor(seconds / MEAN_SECONDS)) - 0.5);
    return inSteps(Math.max(0, Math.min(1, own + shared + noise)), 1000);
  });
}

/**
 * The memory of the control processor: a third is taken, a little more or less over hours; what leaks is missing until
 * the leak ends, for then its process is started again.
 */
export function readMemory(
  { profile }: Switch,
  state: number,
  effects: readonly Effect[],
  seconds: number,
  startedAt: number,
): MemoryReading {
  const size = profile.memoryBytes;
  const used = 0.3 + 0.08 * unit(state, 620) + 0.01 * wanderOf(mix(state, 621))(seconds);
  const available = size * (1 - used) - leakedBytes(effects, seconds, startedAt);
  // Pages of 4 KiB.
  const pages = Math.floor(Math.max(size * LEAST_AVAILABLE, available) / 4096);
  return { sizeBytes: size, availableBytes: pages * 4096 };
}

function leakedBytes(effects: readonly Effect[], seconds: number, startedAt: number): number {
  return effects.reduce(
    (sum, effect) =>
      effect.kind === "memory-leak" && holds(effect, seconds)
        ? sum + effect.bytesPerSecond * (seconds - Math.max(effect.from, startedAt))
        : sum,
    0,
  );
}
