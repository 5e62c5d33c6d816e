import { Labels, writeStaleMarker } from "@linklight/model";

/** A series with all its samples, as both sides of a differential test are given them. */
export interface SampledSeries {
  readonly labels: Labels;
  /** Milliseconds since 1970, ascending. */
  readonly timestamps: Float64Array;
  /** Staleness markers by their bits. */
  readonly values: Float64Array;
}

/** Stands for a staleness marker among the numbers of {@link sampledSeries}. */
export const STALE = "stale";

/** Makes a series of pairs of time in ms and value; what is undefined is left out. */
export function sampledSeries(
  labels: Readonly<Record<string, string>>,
  samples: Iterable<readonly [timestamp: number, value: number | typeof STALE | undefined]>,
): SampledSeries {
  const kept = [...samples].filter(([, value]) => value !== undefined);
  const values = new Float64Array(kept.length);
  kept.forEach(([, value], i) => {
    if (value === STALE) writeStaleMarker(values, i);
    else values[i] = value as number;
  });
  const timestamps = Float64Array.from(kept, ([timestamp]) => timestamp);
  return { labels: Labels.from(labels), timestamps, values };
}
