import type { Exemplar } from "./exemplar.ts";
import type { Labels } from "./labels.ts";
import type { NativeHistogram } from "./native-histogram.ts";

/** The type of a metric family, in the words of OpenMetrics. */
export type MetricType =
  | "counter"
  | "gauge"
  | "histogram"
  | "gaugehistogram"
  | "summary"
  | "info"
  | "stateset"
  | "unknown";

/** All metric types, for readers and tables. */
export const METRIC_TYPES: readonly MetricType[] = [
  "counter",
  "gauge",
  "histogram",
  "gaugehistogram",
  "summary",
  "info",
  "stateset",
  "unknown",
];

interface MetricBase {
  /** Without the metric name, and without `le`, `quantile` and the state of a state set. */
  readonly labels: Labels;
  /** When the value was taken, in milliseconds since 1970; left out for "now", which is nearly always right. */
  readonly timestamp?: number;
  /** When a counter, histogram or summary began at zero, in milliseconds since 1970; may have a fraction. */
  readonly createdTimestamp?: number;
}

/** A metric with one number: a counter, gauge, unknown, or an info (whose number is 1). */
export interface NumberMetric extends MetricBase {
  readonly value: number;
  readonly exemplar?: Exemplar;
}

/** One classic bucket: how many observations were at most `upperBound`, smaller buckets included. */
export interface HistogramBucket {
  readonly upperBound: number;
  readonly cumulativeCount: number;
  readonly exemplar?: Exemplar;
}

/** A histogram or gauge histogram with classic buckets, native buckets, or both. */
export interface HistogramMetric extends MetricBase {
  /** Ascending; the last has the upper bound +Inf. Empty when there are native buckets only. */
  readonly buckets: readonly HistogramBucket[];
  /** Left out where the source has none, as with negative observations in OpenMetrics. */
  readonly sum?: number;
  readonly count?: number;
  readonly native?: NativeHistogram;
  /** Exemplars of the native buckets, which belong to no classic bucket. */
  readonly exemplars?: readonly Exemplar[];
}

export interface SummaryQuantile {
  /** From 0 to 1. */
  readonly quantile: number;
  readonly value: number;
}

export interface SummaryMetric extends MetricBase {
  readonly quantiles: readonly SummaryQuantile[];
  readonly sum?: number;
  readonly count?: number;
}

/** A state set: every state it knows, each on or off. The state is shown as a label with the family's name. */
export interface StateSetMetric extends MetricBase {
  readonly states: readonly { readonly state: string; readonly enabled: boolean }[];
}

/** What an exposition says of a metric family before its series. */
export interface MetricFamilyInfo {
  /**
   * The name in the TYPE line of text 0.0.4, with `_total` for counters and `_info` for infos: the name
   * by which its series are queried. OpenMetrics' shorter family name is derived from it.
   */
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** A base unit such as `bytes` or `seconds`, which then ends the name; empty for none. */
  readonly unit: string;
}

interface FamilyOf<T extends MetricType, M> extends MetricFamilyInfo {
  readonly type: T;
  readonly metrics: readonly M[];
}

/** A metric family: name, type, help, unit and its metrics. What a collector yields and a parser's family view returns. */
export type MetricFamily =
  | FamilyOf<"counter" | "gauge" | "unknown" | "info", NumberMetric>
  | FamilyOf<"histogram" | "gaugehistogram", HistogramMetric>
  | FamilyOf<"summary", SummaryMetric>
  | FamilyOf<"stateset", StateSetMetric>;

/** Any metric of any family. */
export type Metric = MetricFamily["metrics"][number];
