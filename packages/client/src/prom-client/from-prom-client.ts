import type { MetricFamily } from "@linklight/model";
import type { Collector } from "../collector.ts";
import { familyOf } from "./family-of.ts";
import type { PromClientMetric } from "./prom-client-metric.ts";

/** What is used of a registry of prom-client: its default `register`, or one made with `new Registry()`. */
export interface PromClientRegister {
  /** Runs the `collect` callbacks of its metrics and gives all values. */
  getMetricsAsJSON(): Promise<readonly PromClientMetric[]>;
  /** Its format: one in OpenMetrics mode adds `_total` to the names of counters. */
  readonly contentType: string;
}

/** Options of {@link fromPromClient}. */
export interface PromClientCollectorOptions {
  /** The name of the collector; `prom-client` by default. */
  readonly name?: string;
}

/**
 * A collector that shows all metrics of a prom-client registry, so that a program can change over one metric
 * at a time, and have every exposition format, compression and isolation at once.
 *
 * Names stay as they are: a counter without `_total` has none in the text formats either. In a registry in
 * OpenMetrics mode counters are named as that shows them. Exemplars are kept.
 *
 * ```ts
 * registry.register(fromPromClient(register));
 * ```
 */
export function fromPromClient(
  register: PromClientRegister,
  options: PromClientCollectorOptions = {},
): Collector {
  const { name = "prom-client" } = options;
  if (typeof register?.getMetricsAsJSON !== "function") {
    throw new TypeError(
      "fromPromClient: expected a registry of prom-client, such as its export `register`",
    );
  }
  return {
    name,
    // Metrics may be added to the registry at any time, so nothing can be said beforehand.
    async collect(): Promise<MetricFamily[]> {
      const isOpenMetrics = register.contentType.startsWith("application/openmetrics-text");
      const metrics = await register.getMetricsAsJSON();
      return metrics.map((metric) => familyOf(metric, isOpenMetrics));
    },
  };
}
