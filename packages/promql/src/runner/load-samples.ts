import { type Sample, type SampleValue, writeStaleMarker } from "@linklight/model";
import type { MemoryStorage } from "../queryable/memory-storage.ts";
import type { LoadCommand, SequenceValue } from "../script/command.ts";
import { convertClassicHistograms } from "./custom-buckets.ts";

const stale = new Float64Array(1);
writeStaleMarker(stale, 0);

/** Adds what a `load` command says to a storage. Throws AppendError where samples do not fit behind earlier ones. */
export function loadSamples(load: LoadCommand, storage: MemoryStorage): void {
  for (const { labels, values, startOffsets } of load.series) {
    const samples: Sample[] = [];
    for (const [i, value] of values.entries()) {
      if (value.kind === "omitted") continue;
      const timestamp = i * load.stepMs;
      const offset = startOffsets[i];
      samples.push({
        timestamp,
        value: sampleValue(value),
        ...(offset !== undefined && { startTimestamp: timestamp + offset }),
      });
    }
    storage.appendAll(labels, samples);
  }
  if (!load.withCustomBuckets) return;
  for (const { labels, samples } of convertClassicHistograms(load))
    for (const { position, histogram } of samples)
      storage.append(labels, { timestamp: position * load.stepMs, value: histogram });
}

function sampleValue(value: Exclude<SequenceValue, { kind: "omitted" }>): SampleValue {
  if (value.kind === "histogram") return value.histogram;
  return value.kind === "stale" ? (stale[0] as number) : value.value;
}
