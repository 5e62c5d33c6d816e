/** How the writer of the crash test keeps its data: small, so that much happens within few commits. */
export const OPTIONS = {
  autoCompaction: false,
  minBlockDurationMs: 60_000,
  maxBlockDurationMs: 27 * 60_000,
  retentionMs: 0,
  walSegmentBytes: 32 * 1024,
};

/** When the first commit was, in ms. */
export const START_MS = 1_700_000_000_000;
/** Simulated time between two commits. */
export const STEP_MS = 1000;
const STEADY_SERIES = 5;
/** How many commits a series lives that comes and goes. */
export const LIFETIME = 50;

/**
 * What commit number n holds: of some series always the next sample, of one that comes and goes too.
 *
 * @param {number} n
 * @returns {{ labels: Record<string, string>, timestamp: number, value: number }[]}
 */
export function batch(n) {
  const timestamp = START_MS + n * STEP_MS;
  const steady = Array.from({ length: STEADY_SERIES }, (_, i) => ({
    labels: { __name__: "rx_bytes_total", port: `${i}` },
    timestamp,
    value: 1000 * n + i,
  }));
  const generation = Math.floor(n / LIFETIME);
  const passing = { __name__: "flow_bytes_total", flow: `f${generation}` };
  return [...steady, { labels: passing, timestamp, value: Math.sin(n) }];
}

/** Which generation of series that come and go is deleted after commit n: every third, some time after its end. */
export function doomedAt(n) {
  const generation = n / LIFETIME - 2;
  return isDoomed(generation) ? generation : undefined;
}

/** Whether a generation is one of those that are deleted. */
export function isDoomed(generation) {
  return generation >= 0 && generation % 3 === 1;
}
