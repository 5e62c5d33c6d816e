import type { MetricType } from "@linklight/model";

/** What is known about the metric of a series. */
export interface MetricMetadata {
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

/** The bytes of Prometheus' log for the types of metrics. */
const TYPE_BYTES: Readonly<Record<MetricType, number>> = {
  unknown: 0,
  counter: 1,
  gauge: 2,
  histogram: 3,
  gaugehistogram: 4,
  summary: 5,
  info: 6,
  stateset: 7,
};

export function metricTypeByte(type: MetricType): number {
  return TYPE_BYTES[type];
}

/** The type behind a byte of the log; unknown for one that nobody has written yet. */
export function metricTypeOf(byte: number): MetricType {
  const entry = Object.entries(TYPE_BYTES).find(([, value]) => value === byte);
  return (entry?.[0] as MetricType | undefined) ?? "unknown";
}

/** Whether nothing new is said: a scrape says the same each time. */
export function isSameMetadata(a: MetricMetadata, b: MetricMetadata | undefined): boolean {
  return a.type === b?.type && a.help === b.help && a.unit === b.unit;
}
