import type { HistogramMetric, MetricFamily, NumberMetric, SummaryMetric } from "@linklight/model";
import type { Remark } from "./finding.ts";

/** Values that the type of the family rules out. */
export function* checkValues(family: MetricFamily): Generator<Remark> {
  switch (family.type) {
    case "counter":
      for (const metric of family.metrics) yield* checkCounter(metric);
      break;
    case "gauge":
    case "unknown":
    case "info":
      if (family.name.endsWith("_info"))
        for (const metric of family.metrics) yield* checkInfo(metric);
      break;
    case "histogram":
    case "gaugehistogram":
      for (const metric of family.metrics) yield* checkHistogram(metric, family.type);
      break;
    case "summary":
      for (const metric of family.metrics) yield* checkSummary(metric);
      break;
    case "stateset":
      break;
  }
}

function* checkCounter({ labels, value }: NumberMetric): Generator<Remark> {
  if (value >= 0) return;
  yield {
    rule: "impossible-value",
    problem: `counter with the value ${value}`,
    remedy: "a counter begins at 0 and only goes up; make what can go down a gauge",
    labels,
  };
}

function* checkInfo({ labels, value }: NumberMetric): Generator<Remark> {
  if (value === 1) return;
  yield {
    rule: "impossible-value",
    problem: `info metric with the value ${value}`,
    remedy:
      "the facts are in the labels and the value is always 1, so that queries can multiply by it",
    labels,
  };
}

function* checkSummary({ labels, quantiles, count }: SummaryMetric): Generator<Remark> {
  const outside = quantiles.find(({ quantile }) => !(quantile >= 0 && quantile <= 1));
  if (outside !== undefined) {
    yield {
      rule: "impossible-value",
      problem: `summary with the quantile ${outside.quantile}`,
      remedy: "quantiles lie between 0 and 1: the 99th percentile is 0.99",
      labels,
    };
  }
  yield* checkCount(labels, count);
}

function* checkHistogram(
  { labels, buckets, count }: HistogramMetric,
  type: "histogram" | "gaugehistogram",
): Generator<Remark> {
  if (type === "histogram") yield* checkCount(labels, count);
  if (buckets.length === 0) return;
  const problem = bucketProblem(buckets, count);
  if (problem !== undefined) yield { rule: "histogram-buckets", ...problem, labels };
}

function bucketProblem(
  buckets: HistogramMetric["buckets"],
  count: number | undefined,
): { readonly problem: string; readonly remedy: string } | undefined {
  const fall = buckets.findIndex(
    ({ cumulativeCount }, i) => i > 0 && cumulativeCount < (buckets[i - 1]?.cumulativeCount ?? 0),
  );
  if (fall > 0) {
    const [before, bucket] = [buckets[fall - 1], buckets[fall]];
    return {
      problem: `bucket counts fall from ${before?.cumulativeCount} to ${bucket?.cumulativeCount} at le="${bucketBound(bucket?.upperBound)}"`,
      remedy: "buckets are cumulative: each counts all observations up to its bound",
    };
  }
  const last = buckets.at(-1);
  if (last?.upperBound !== Number.POSITIVE_INFINITY) {
    return {
      problem: 'no bucket le="+Inf"',
      remedy: "add it with the number of all observations: quantiles cannot be computed without",
    };
  }
  if (count !== undefined && count !== last.cumulativeCount) {
    return {
      problem: `bucket le="+Inf" is ${last.cumulativeCount} and the count ${count}`,
      remedy: "both are the number of all observations",
    };
  }
  return undefined;
}

function bucketBound(bound: number | undefined): string {
  return bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound);
}

function* checkCount(
  labels: HistogramMetric["labels"],
  count: number | undefined,
): Generator<Remark> {
  if (count === undefined || count >= 0) return;
  yield {
    rule: "impossible-value",
    problem: `number of observations is ${count}`,
    remedy: "it begins at 0 and only goes up",
    labels,
  };
}
