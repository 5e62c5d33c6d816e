import type { MetricFamily, MetricFamilyInfo } from "@linklight/model";
import type { TableSource } from "./family/series-table.ts";

/** What a collector is told about the scrape it works for. */
export interface CollectContext {
  /** Aborts at the deadline, or when the registry is closed: pass it on to whatever you wait for. */
  readonly signal: AbortSignal;
  /** When the answer must be complete, in milliseconds since 1970; later families are left out. */
  readonly deadline: number;
}

/** What a collector may yield: a family of this package (`GaugeFamily`, …), or a plain family such as a parser gives. */
export type CollectedFamily = TableSource | MetricFamily;

/** What `collect` may return: families, one after the other, or a promise of them. */
export type Collection =
  | Iterable<CollectedFamily>
  | AsyncIterable<CollectedFamily>
  | PromiseLike<Iterable<CollectedFamily>>;

/**
 * A source of metric families that looks when it is asked: the heart of an exporter.
 *
 * A registry calls `describe` once, when the collector is registered, and `collect` once for each scrape
 * (scrapes that overlap share one call). Whatever goes wrong in a collector (it throws, it is late, it
 * yields a series twice) costs the families of this collector only, and is said by
 * `linklight_collector_success{collector="…"} 0` and in the log.
 *
 * ```ts
 * const rooms: Collector = {
 *   name: "rooms",
 *   describe: () => [new GaugeFamily({ name: "room_temperature_celsius", help: "Air temperature" })],
 *   *collect() {
 *     yield new GaugeFamily({ name: "room_temperature_celsius", help: "Air temperature", labelNames: ["room"] })
 *       .add({ room: "kitchen" }, 21.5);
 *   },
 * };
 * // # HELP room_temperature_celsius Air temperature
 * // # TYPE room_temperature_celsius gauge
 * // room_temperature_celsius{room="kitchen"} 21.5
 * ```
 */
export interface Collector {
  /** Names the collector in the log and in `linklight_collector_*`; one collector of a name in a registry. */
  readonly name: string;
  /**
   * The families that `collect` will yield, so that a clash is found at registration and a scrape of
   * chosen names skips collectors without them. Must not do any work. Empty, or left out: not checked.
   */
  describe?(): Iterable<MetricFamilyInfo | TableSource>;
  /** Yields the families as they are now. May be a generator, sync or async, or return a list or a promise of one. */
  collect(context: CollectContext): Collection;
  /**
   * Ends what the collector keeps open: timers, sockets, watchers. Called by whoever made it, once nobody
   * collects any more; `linklight endpoint` does so when it stops and when it loads the file again.
   */
  close?(): void | PromiseLike<void>;
}
