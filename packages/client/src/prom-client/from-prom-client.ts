import type { MetricFamily } from "@linklight/model";
import type { Collector } from "../collector.ts";
import { familyOf } from "./family-of.ts";

/** What is used of a registry of prom-client: its default `register`, or one made with `new Registry()`. */
export interface PromClientRegister {
  /** Runs the `collect` callbacks of its metrics and gives all values. */
  getMetricsAsJSON(): Promise<readonly PromClientMetric[]>;
  /** Its format: one in OpenMetrics mode adds `_total` to the names of counters. */
  readonly contentType: string;
}

/** A metric as `getMetricsAsJSON` gives it. */
export interface PromClientMetric {
  readonly name: string;
  readonly help: string;
  /** A word such as `counter`, though prom-client's declarations say a number. */
  readonly type: unknown;
  readonly values: readonly PromClientValue[];
}

/** One series of a metric. */
export interface PromClientValue {
  readonly value: number;
  /** With `le` of a bucket and `quantile` of a summary; may be left out where there are none. */
  readonly labels?: Readonly<Record<string, string | number | undefined>> | undefined;
  /** With its suffix, where it is not that of the metric: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string | undefined;
  readonly exemplar?: unknown;
}

/** An exemplar, as metrics made with `enableExemplars` have them; its timestamp is in seconds. */
export interface PromClientExemplar {
  readonly labelSet: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly timestamp?: number;
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
