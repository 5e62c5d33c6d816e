import { Portions } from "./portions.ts";

/** Upper bounds of the buckets in which switches count frames (RFC 2819, etherStatsPkts…Octets), in bytes. */
export const FRAME_SIZES: readonly number[] = [64, 127, 255, 511, 1023, 1518, 9216];

/** A usual size in each of these buckets. */
const USUAL_SIZES = [64, 96, 190, 380, 760, 1480] as const;

/**
 * How many of 256 frames of a kind are of each size. Two kinds of frames make up the traffic of servers, small ones
 * that ask and acknowledge, and full ones that carry (Benson et al., Understanding Data Center Traffic
 * Characteristics, 2009). The shares within a kind are own estimates.
 */
const SMALL = [130, 64, 36, 26, 0, 0];
const LARGE = [0, 0, 0, 0, 30, 226];

const SMALL_PORTIONS = new Portions(SMALL);
const LARGE_PORTIONS = new Portions(LARGE);
const SMALL_BYTES = meanOf(SMALL);
const LARGE_BYTES = meanOf(LARGE);

/**
 * How many frames fall into each bucket, that above all bounds included, of a number of frames and their bytes.
 *
 * With S small frames of s bytes and L large ones of l bytes on average, S + L = frames and s·S + l·L = bytes, so
 *
 *   L = (bytes − s · frames) / (l − s)            s = 121.8, l = 1395.6
 *
 * The mean size is that of the port, whatever mixes there. Each bucket only grows as long as what is added has a
 * mean between s and l: stations send 400 … 1000 bytes a packet.
 */
export function countFrames(frames: number, bytes: number): number[] {
  const exact = Math.floor((bytes - SMALL_BYTES * frames) / (LARGE_BYTES - SMALL_BYTES));
  const large = Math.max(0, Math.min(frames, exact));
  const [few, many] = [SMALL_PORTIONS.all(frames - large), LARGE_PORTIONS.all(large)];
  return [...few.map((count, i) => count + (many[i] as number)), 0, 0];
}

function meanOf(counts: readonly number[]): number {
  return counts.reduce((sum, count, i) => sum + count * (USUAL_SIZES[i] as number), 0) / 256;
}
