import { Portions } from "./portions.ts";

/** Upper bounds of the buckets in which switches count frames (RFC 2819, etherStatsPkts…Octets), in bytes. */
export const FRAME_SIZES: readonly number[] = [64, 127, 255, 511, 1023, 1518, 9216];

/**
 * How many of 256 frames are of each size. Two kinds of frames make up the traffic of servers, small ones that
 * ask and acknowledge, and full ones that carry (Benson et al., Understanding Data Center Traffic
 * Characteristics, 2009). The shares are an own estimate: about 700 bytes on average, as the simulated stations
 * send.
 */
const SHARES = [66, 45, 18, 12, 14, 101, 0];

const PORTIONS = new Portions([...SHARES, 0]);

/** How many of a number of frames fall into each bucket, that above all bounds included: each only grows with it. */
export function countFrames(frames: number): number[] {
  return PORTIONS.all(frames);
}
