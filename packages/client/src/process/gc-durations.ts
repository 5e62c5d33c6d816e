import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { DurationCounts } from "./duration-counts.ts";

/** Upper bounds in seconds: those that prom-client has for its metric of the same name. */
export const GC_BOUNDS: readonly number[] = [0.001, 0.01, 0.1, 1, 2, 5];

/** The kinds of garbage collection that Node tells apart. */
export const GC_KINDS = ["minor", "major", "incremental", "weakcb"] as const;

/** One of {@link GC_KINDS}. */
export type GcKind = (typeof GC_KINDS)[number];

const KIND_OF: ReadonlyMap<number, GcKind> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

/** Observes how long garbage collections take, by kind, from when it is made. Keeps no program alive. */
export class GcDurations {
  readonly counts: Readonly<Record<GcKind, DurationCounts>> = {
    minor: new DurationCounts(GC_BOUNDS),
    major: new DurationCounts(GC_BOUNDS),
    incremental: new DurationCounts(GC_BOUNDS),
    weakcb: new DurationCounts(GC_BOUNDS),
  };
  readonly #observer: PerformanceObserver;

  constructor() {
    this.#observer = new PerformanceObserver((list) => this.#count(list.getEntries()));
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** Counts what was observed but not delivered yet. */
  flush(): void {
    this.#count(this.#observer.takeRecords());
  }

  stop(): void {
    this.flush();
    this.#observer.disconnect();
  }

  #count(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      const { kind } = (entry as PerformanceEntry & { readonly detail: { readonly kind: number } })
        .detail;
      // V8's second young-generation collector is the only kind that Node has no constant for.
      this.counts[KIND_OF.get(kind) ?? "minor"].add(entry.duration / 1000);
    }
  }
}
