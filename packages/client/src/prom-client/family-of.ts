import {
  type Exemplar,
  type HistogramBucket,
  type HistogramMetric,
  Labels,
  type MetricFamily,
  type NumberMetric,
  type SummaryMetric,
  type SummaryQuantile,
} from "@linklight/model";
import type {
  PromClientExemplar,
  PromClientMetric,
  PromClientValue,
} from "./prom-client-metric.ts";

/** A metric of prom-client as a metric family. `isOpenMetrics`: whether its registry is in OpenMetrics mode. */
export function familyOf(metric: PromClientMetric, isOpenMetrics: boolean): MetricFamily {
  const { name, help, values } = metric;
  const info = { name, help, unit: "" };
  switch (metric.type) {
    case "counter":
      return {
        ...info,
        name: isOpenMetrics && !name.endsWith("_total") ? `${name}_total` : name,
        type: "counter",
        metrics: values.map(numberMetric),
      };
    case "gauge":
      return { ...info, type: "gauge", metrics: values.map(numberMetric) };
    case "histogram":
      return { ...info, type: "histogram", metrics: histograms(metric) };
    case "summary":
      return { ...info, type: "summary", metrics: summaries(metric) };
    default:
      return { ...info, type: "unknown", metrics: values.map(numberMetric) };
  }
}

function numberMetric({ labels, value, exemplar }: PromClientValue): NumberMetric {
  return { labels: labelsOf(labels), value, ...exemplarOf(exemplar) };
}

function histograms({ name, values }: PromClientMetric): HistogramMetric[] {
  return groups(values, "le").map(({ labels, values: own }) => {
    const buckets = own
      .filter(({ metricName }) => metricName === `${name}_bucket`)
      .map(
        (bucket): HistogramBucket => ({
          upperBound: numberOf(bucket.labels?.["le"]),
          cumulativeCount: bucket.value,
          ...exemplarOf(bucket.exemplar),
        }),
      );
    return { labels, buckets, ...totals(name, own) };
  });
}

function summaries({ name, values }: PromClientMetric): SummaryMetric[] {
  return groups(values, "quantile").map(({ labels, values: own }) => {
    const quantiles = own
      .filter(({ labels: all }) => all?.["quantile"] !== undefined)
      .map(
        (quantile): SummaryQuantile => ({
          quantile: numberOf(quantile.labels?.["quantile"]),
          value: quantile.value,
        }),
      );
    return { labels, quantiles, ...totals(name, own) };
  });
}

function totals(
  name: string,
  values: readonly PromClientValue[],
): { readonly sum?: number; readonly count?: number } {
  const sum = values.find(({ metricName }) => metricName === `${name}_sum`)?.value;
  const count = values.find(({ metricName }) => metricName === `${name}_count`)?.value;
  return { ...(sum !== undefined && { sum }), ...(count !== undefined && { count }) };
}

/** The values that belong to one metric, in the order in which metrics are first met. */
function groups(
  values: readonly PromClientValue[],
  ownLabel: string,
): { readonly labels: Labels; readonly values: PromClientValue[] }[] {
  const byKey = new Map<string, { labels: Labels; values: PromClientValue[] }>();
  for (const value of values) {
    const { [ownLabel]: _, ...rest } = value.labels ?? {};
    const labels = labelsOf(rest);
    const group = byKey.get(labels.key);
    if (group === undefined) byKey.set(labels.key, { labels, values: [value] });
    else group.values.push(value);
  }
  return [...byKey.values()];
}

/** Label values as prom-client prints them: numbers, and whatever else was given, as text. */
function labelsOf(labels: PromClientValue["labels"] = {}): Labels {
  return Labels.from(Object.entries(labels).map(([name, value]) => [name, String(value)] as const));
}

function numberOf(bound: string | number | undefined): number {
  return bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound);
}

function exemplarOf(exemplar: unknown): { readonly exemplar?: Exemplar } {
  if (!isExemplar(exemplar)) return {};
  const { labelSet, value, timestamp } = exemplar;
  return {
    exemplar: {
      labels: labelsOf(labelSet),
      value,
      // Seconds with three decimals: a float that must become whole milliseconds again.
      ...(timestamp !== undefined && { timestamp: Math.round(timestamp * 1000) }),
    },
  };
}

function isExemplar(exemplar: unknown): exemplar is PromClientExemplar {
  return (
    typeof exemplar === "object" &&
    exemplar !== null &&
    "labelSet" in exemplar &&
    "value" in exemplar
  );
}
