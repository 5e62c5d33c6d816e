import type { DbOptions } from "@linklight/tsdb";

export const OPTIONS: DbOptions;
export const START_MS: number;
export const STEP_MS: number;
export const LIFETIME: number;
export function batch(n: number): {
  readonly labels: Readonly<Record<string, string>>;
  readonly timestamp: number;
  readonly value: number;
}[];
export function doomedAt(n: number): number | undefined;
export function isDoomed(generation: number): boolean;
