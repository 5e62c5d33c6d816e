import { mix, unit } from "../seed/mix.ts";
import type { MeanLoad } from "./mean-load.ts";

/** A root block lasts 2^16 s, 18.2 h: long enough that blocks need not know of each other. */
const LEVELS = 16;
export const BLOCK_SECONDS: number = 2 ** LEVELS;

/** Nodes of these levels, down to 4,096 s, are split as the mean load is; within half an hour it hardly changes. */
const SHAPED_LEVELS = 5;

/**
 * How far a split may lean to one side, by the length of its halves in seconds. Traffic is burstier the
 * closer one looks; these give a Hurst exponent of about 0.8, as measured on Ethernet (Leland et al., On the
 * Self-Similar Nature of Ethernet Traffic, 1994). Chosen by measuring what comes out.
 */
function leaning(halfSeconds: number): number {
  if (halfSeconds <= 8) return 0.55;
  if (halfSeconds <= 128) return 0.4;
  return halfSeconds <= 2048 ? 0.25 : 0.1;
}

export const LEANING: readonly number[] = Array.from({ length: LEVELS }, (_, level) =>
  leaning(BLOCK_SECONDS / 2 ** (level + 1)),
);

/**
 * The bytes a host has sent since the epoch, at any moment: a conservative multiplicative cascade (Feldmann,
 * Gilbert and Willinger, Data Networks as Cascades, 1998).
 *
 * ```
 * block   65,536 s   volume of the mean load                    whole bytes
 * split   32,768 s        left = v·q         right = v − left   q leans by a hash of (seed, block, node)
 *           …                                                   neither half above the line rate
 * leaf    1 s        sent evenly
 * ```
 * Because halves add up to what was split, the sum over any span is the difference of two readings, readings
 * never decrease, and no second carries more than the line. A reading costs 16 splits; one near the last
 * only those that differ. The path to the last leaf is kept, which changes speed and nothing else.
 */
export class Cascade {
  readonly #mean: MeanLoad;
  readonly #lineRate: number;
  readonly #state: number;
  #block = -1;
  #blockState = 0;
  #leaf = 0;
  /** How many levels of the path to the last leaf are known. */
  #depth = 0;
  /** Of the nodes on the path to the last leaf, from the block down: their bytes, and those before them. */
  readonly #volume = new Float64Array(LEVELS + 1);
  readonly #before = new Float64Array(LEVELS + 1);
  /** Of the shaped ones among them: what the mean load says of their start and their end. */
  readonly #meanStart = new Float64Array(SHAPED_LEVELS + 1);
  readonly #meanEnd = new Float64Array(SHAPED_LEVELS + 1);

  /** `lineRate` in bytes per second; throws RangeError when the mean load exceeds it at some hour. */
  constructor(mean: MeanLoad, lineRate: number, state: number) {
    if (mean.peak > lineRate)
      throw new RangeError(
        `mean load reaches ${mean.peak} B/s, above the line rate of ${lineRate} B/s`,
      );
    this.#mean = mean;
    this.#lineRate = Math.floor(lineRate);
    this.#state = state;
  }

  /** Whole bytes from the epoch to a moment in seconds since it (not negative). Never decreases with it. */
  bytesUntil(seconds: number): number {
    const block = Math.floor(seconds / BLOCK_SECONDS);
    const within = seconds - block * BLOCK_SECONDS;
    const leaf = Math.floor(within);
    const known = this.#enter(block, leaf);
    // What was sent before a leaf is known as soon as only first halves lead to it.
    const last = leaf === within ? LEVELS - trailingZeros(leaf) : LEVELS;
    this.#depth = Math.max(known, last);
    if (known < last) this.#descend(known, last, leaf);
    const before = this.#before[last] as number;
    if (leaf === within) return before;
    return before + Math.floor((this.#volume[LEVELS] as number) * (within - leaf));
  }

  /** How many levels of the path to a leaf are known already; makes the block when it is another. */
  #enter(block: number, leaf: number): number {
    const common = Math.clz32(leaf ^ this.#leaf) - (32 - LEVELS);
    this.#leaf = leaf;
    if (block === this.#block) return Math.min(common, this.#depth);
    this.#block = block;
    this.#blockState = mix(this.#state, block);
    const start = this.#mean.bytesUntil(block * BLOCK_SECONDS);
    const end = this.#mean.bytesUntil((block + 1) * BLOCK_SECONDS);
    this.#meanStart[0] = start;
    this.#meanEnd[0] = end;
    this.#before[0] = Math.floor(start);
    this.#volume[0] = Math.floor(end) - Math.floor(start);
    return 0;
  }

  /** Follows the path to a leaf from one level to another. */
  #descend(from: number, to: number, leaf: number): void {
    let volume = this.#volume[from] as number;
    let before = this.#before[from] as number;
    for (let level = from; level < to; level++) {
      const half = BLOCK_SECONDS >> (level + 1);
      const node = leaf >> (LEVELS - level);
      const goesRight = ((leaf >> (LEVELS - 1 - level)) & 1) === 1;
      const p = level < SHAPED_LEVELS ? this.#expectedLeft(level, node, goesRight) : 0.5;
      const u = unit(this.#blockState, (1 << level) + node);
      const leaned = p + 2 * p * (1 - p) * (LEANING[level] as number) * (u - 0.5);
      const most = this.#lineRate * half;
      const left = Math.max(volume - most, Math.min(most, Math.round(volume * leaned)));
      if (goesRight) before += left;
      volume = goesRight ? volume - left : left;
      this.#volume[level + 1] = volume;
      this.#before[level + 1] = before;
    }
  }

  /** The part of a node's volume that the mean load puts into its first half; notes the means of the half that is next. */
  #expectedLeft(level: number, node: number, goesRight: boolean): number {
    const length = BLOCK_SECONDS >> level;
    const low = this.#meanStart[level] as number;
    const high = this.#meanEnd[level] as number;
    const middle = this.#mean.bytesUntil(this.#block * BLOCK_SECONDS + node * length + length / 2);
    this.#meanStart[level + 1] = goesRight ? middle : low;
    this.#meanEnd[level + 1] = goesRight ? high : middle;
    return high > low ? (middle - low) / (high - low) : 0.5;
  }
}

/** How many halvings of a block lead to the first half, counted from a leaf up; all for the first leaf. */
function trailingZeros(leaf: number): number {
  return leaf === 0 ? LEVELS : 31 - Math.clz32(leaf & -leaf);
}
