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
