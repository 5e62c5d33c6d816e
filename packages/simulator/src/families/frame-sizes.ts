import { Portions } from "./portions.ts";

/** Upper bounds of the buckets in which switches count frames (RFC 2819, etherStatsPkts…Octets), in bytes. */
export const FRAME_SIZES: readonly number[] = [64, 127, 255, 511, 1023, 1518, 9216];

/** A usual size in each of these buckets: the means of a kind follow from these (`port/large-frames.ts`). */
export const USUAL_SIZES: readonly number[] = [64, 96, 190, 380, 760, 1480];

/**
 * How many of 256 frames of a kind are of each size. Two kinds of frames make up the traffic of servers, small ones
 * that ask and acknowledge, and full ones that carry (Benson et al., Understanding Data Center Traffic
 * Characteristics, 2009). The shares within a kind are own estimates.
 */
export const SMALL: readonly number[] = [130, 64, 36, 26, 0, 0];
export const LARGE: readonly number[] = [0, 0, 0, 0, 30, 226];

const SMALL_PORTIONS = new Portions(SMALL);
const LARGE_PORTIONS = new Portions(LARGE);

/** How many frames fall into each bucket, that above all bounds included, of so many small and large ones. */
export function countFrames(small: number, large: number): number[] {
  const [few, many] = [SMALL_PORTIONS.all(small), LARGE_PORTIONS.all(large)];
  return [...few.map((count, i) => count + (many[i] as number)), 0, 0];
}
