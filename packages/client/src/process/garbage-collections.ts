import { HistogramFamily } from "../family/histogram-family.ts";
import { GC_BOUNDS, GC_KINDS, GcDurations } from "./gc-durations.ts";
import type { RuntimePart } from "./runtime-part.ts";

/** How long garbage collections took, by kind; every kind is shown from the start. */
export function garbageCollections(): RuntimePart {
  const durations = new GcDurations();
  const family = new HistogramFamily({
    name: "nodejs_gc_duration_seconds",
    help: "How long garbage collections took, by kind: major, minor, incremental or weakcb.",
    labelNames: ["kind"],
    buckets: GC_BOUNDS,
  });
  return {
    families: [family],
    update() {
      durations.flush();
      for (const kind of GC_KINDS) family.series({ kind }).set(durations.counts[kind].value);
    },
    stop: () => durations.stop(),
  };
}
