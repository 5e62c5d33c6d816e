/** What the writer of the crash test writes, and how; both sides must agree. */

export const SERIES = 20;

/** Small ranges and segments: everything that happens in hours happens within seconds. */
export const OPTIONS = {
  autoCompaction: false,
  minBlockDurationMs: 60_000,
  maxBlockDurationMs: 540_000,
  retentionMs: 0,
  walSegmentBytes: 32_768,
};

/** The value of a series at a time: no two alike, so that a sample in the wrong place is seen. */
export function valueAt(series, time) {
  return time / 1000 + series / 32;
}
