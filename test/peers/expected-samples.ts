import type { HistogramMetric, Metric, MetricFamily } from "@linklight/model";
import { type Labels, METRIC_NAME } from "@linklight/model";

/**
 * Samples by series, each series written `name{label="value"}` with sorted labels. Numbers in `le` and `quantile`
 * are in JavaScript's form, because readers rewrite them (`1` and `1.0`).
 */
export type SampleMap = ReadonlyMap<string, number>;

/** The key of a series in a {@link SampleMap}. */
function seriesKey(labels: Labels): string {
  const numbers = ["le", "quantile"].flatMap((name) => {
    const text = labels.get(name);
    return text === "" ? [] : [[name, text.includes("Inf") ? text : String(Number(text))] as const];
  });
  return labels.merge(numbers).toString();
}

/** Collects samples; a series that comes twice is an error, since no exposition may hold it. */
export function sampleMap(samples: Iterable<readonly [Labels, number]>): SampleMap {
  const map = new Map<string, number>();
  for (const [labels, value] of samples) {
    const key = seriesKey(labels);
    if (map.has(key)) throw new Error(`the series ${key} came twice`);
    map.set(key, value);
  }
  // Sorted, so that a difference of two maps reads well.
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What differs between formats in the series that a family becomes. */
export interface SampleRules {
  /** Whether counters, histograms and summaries with a start time have a series `_created` (in seconds). */
  readonly createdSeries: boolean;
  /** Whether a gauge histogram's totals are `_gsum` and `_gcount`, and not `_sum` and `_count`. */
  readonly gaugeTotals: boolean;
}

/**
 * The samples that families are to become at a reader, by the specification and not by our writers:
 * the yardstick of all read-back tests.
 */
export function expectedSamples(families: readonly MetricFamily[], rules: SampleRules): SampleMap {
  return sampleMap(
    families.flatMap((family) =>
      family.metrics.flatMap((metric) => [...lines(family, metric, rules)]),
    ),
  );
}

type Line = readonly [Labels, number];

function* lines(family: MetricFamily, metric: Metric, rules: SampleRules): Generator<Line> {
  const line = (suffix: string, value: number, label?: readonly [string, string]): Line => [
    metric.labels.merge([[METRIC_NAME, family.name + suffix], ...(label ? [label] : [])]),
    value,
  ];
  if ("value" in metric) yield line("", metric.value);
  if ("states" in metric) {
    for (const { state, enabled } of metric.states) {
      yield line("", enabled ? 1 : 0, [family.name, state]);
    }
  }
  if ("quantiles" in metric) {
    for (const { quantile, value } of metric.quantiles) {
      yield line("", value, ["quantile", String(quantile)]);
    }
    yield* totals(metric, "", line);
  }
  if ("buckets" in metric) {
    for (const { upperBound, cumulativeCount } of metric.buckets) {
      const le = upperBound === Number.POSITIVE_INFINITY ? "+Inf" : String(upperBound);
      yield line("_bucket", cumulativeCount, ["le", le]);
    }
    yield* totals(metric, family.type === "gaugehistogram" && rules.gaugeTotals ? "g" : "", line);
  }
  if (rules.createdSeries && metric.createdTimestamp !== undefined) {
    const name = family.name.replace(/_total$/, "");
    const labels = metric.labels.with(METRIC_NAME, `${name}_created`);
    yield [labels, metric.createdTimestamp / 1000];
  }
}

function* totals(
  { sum, count }: Pick<HistogramMetric, "sum" | "count">,
  gauge: "" | "g",
  line: (suffix: string, value: number) => Line,
): Generator<Line> {
  if (sum !== undefined) yield line(`_${gauge}sum`, sum);
  if (count !== undefined) yield line(`_${gauge}count`, count);
}
