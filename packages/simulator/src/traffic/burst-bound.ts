import { BLOCK_SECONDS, LEANING } from "./cascade.ts";

/**
 * By how much the rate within one slot can exceed the mean rate of a span that is a block or a halving of it:
 * each split can lean by half of its leaning, and where the mean load has a shape, by a little more.
 */
export function burstBound(spanSeconds: number, slotSeconds: number): number {
  const key = spanSeconds * 65_537 + slotSeconds;
  let factor = BOUNDS.get(key);
  if (factor === undefined) {
    factor = bound(spanSeconds, slotSeconds);
    BOUNDS.set(key, factor);
  }
  return factor;
}

// One for each power of two: asked for millions of times.
const BOUNDS = new Map<number, number>();

function bound(spanSeconds: number, slotSeconds: number): number {
  let factor = 1;
  for (let level = 0; level < LEANING.length; level++) {
    const length = BLOCK_SECONDS / 2 ** level;
    if (length > spanSeconds || length <= slotSeconds) continue;
    factor *= 1 + 0.6 * (LEANING[level] as number);
  }
  return factor;
}
