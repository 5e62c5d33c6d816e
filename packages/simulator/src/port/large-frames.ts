import type { TrafficReading } from "./port-reading.ts";

/** Mean sizes in bytes of the two kinds of frames that servers send: `families/frame-sizes.ts` divides each further. */
export const SMALL_FRAME_BYTES = 121.8125;
export const LARGE_FRAME_BYTES = 1395.625;

/**
 * How many of some frames are large, so that they make up the bytes. With S small frames of s bytes and L large ones of
 * l bytes on average, S + L = frames and s·S + l·L = bytes, so
 *
 *   L = (bytes − s · frames) / (l − s)
 *
 * The mean size is that of the port, whatever mixes there.
 */
export function largeFrames({ bytes, packets }: TrafficReading): number {
  const exact = Math.floor(
    (bytes - SMALL_FRAME_BYTES * packets) / (LARGE_FRAME_BYTES - SMALL_FRAME_BYTES),
  );
  return Math.max(0, Math.min(packets, exact));
}

/**
 * The same at a moment within a slot, of which the start and the end are known: the large ones among `packets`, which
 * are between those of the start and of the end. A frame is counted all at once while its bytes come one by one, so
 * between close moments the equation alone would take a large frame back; in proportion to the frames neither kind
 * ever falls. From slot to slot that holds as long as what a slot brings has a mean between s and l: a port through
 * which some hundred frames go in a slot, or none, has.
 */
export function largeFramesWithin(
  start: TrafficReading,
  end: TrafficReading,
  packets: number,
): number {
  const before = largeFrames(start);
  const frames = end.packets - start.packets;
  if (frames <= 0) return before;
  // Of what a slot brings at most all is large, and none is taken back.
  const large = Math.max(0, Math.min(frames, largeFrames(end) - before));
  return before + Math.floor((large * (packets - start.packets)) / frames);
}
