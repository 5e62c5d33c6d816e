import { isStaleMarker } from "@linklight/model";
import type { Column } from "../eval/column.ts";
import { executionError } from "../eval/query-error.ts";
import type { SampleColumns } from "../queryable/sample-columns.ts";
import type { ReferenceTimes } from "./select-series.ts";

/**
 * A smoothed instant selector: the value on the straight line between the sample at or before a step's time and the
 * one after it, each at most a lookback away; where there is none after it, the one before. Computes the steps from
 * `from` to before `to`; the samples have no staleness markers.
 */
export function interpolate(
  samples: SampleColumns,
  times: ReferenceTimes,
  lookbackMs: number,
  into: Column,
  from: number,
  to: number,
): void {
  if (samples.histograms !== undefined)
    throw executionError("smoothed and anchored modifiers do not work with native histograms");
  const { timestamps, values, length } = samples;
  let next = 0;
  for (let k = from; k < to; k++) {
    const time = times.at(k);
    while (next < length && (timestamps[next] as number) <= time) next++;
    const before = next - 1;
    if (before < 0 || (timestamps[before] as number) <= time - lookbackMs) continue;
    const start = timestamps[before] as number;
    const value = values[before] as number;
    const isLast = next >= length || (timestamps[next] as number) > time + lookbackMs;
    if (isLast || start === time) {
      into.setFloat(k, value);
      continue;
    }
    const slope = ((values[next] as number) - value) * (time - start);
    into.setFloat(k, value + slope / ((timestamps[next] as number) - start));
  }
}

/** Takes staleness markers out, in place. */
export function withoutStaleMarkers(samples: SampleColumns): SampleColumns {
  const { timestamps, values, histograms, startTimestamps, length } = samples;
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    const isStale = Number.isNaN(value) && histograms?.[i] === undefined && isStaleMarker(value);
    if (isStale) continue;
    if (kept < i) {
      timestamps[kept] = timestamps[i] as number;
      values[kept] = value;
      if (histograms !== undefined) histograms[kept] = histograms[i];
      if (startTimestamps !== undefined) startTimestamps[kept] = startTimestamps[i] as number;
    }
    kept++;
  }
  samples.length = kept;
  return samples;
}
