import {
  CUSTOM_BUCKETS_SCHEMA,
  type Labels,
  METRIC_NAME,
  type NativeHistogram,
  nativeHistogram,
} from "@linklight/model";
import { parseBound } from "../buckets/bound.ts";
import type { LoadCommand, LoadedSeries } from "../script/command.ts";
import { bucketsOf } from "../script/histogram-sum.ts";

/** One sample of a classic histogram, put together from its series. */
interface ClassicSample {
  /** Cumulative counts by upper bound. */
  readonly buckets: Map<number, number>;
  count: number | undefined;
  sum: number;
}

interface ClassicHistogram {
  readonly labels: Labels;
  /** By the position of the values in the load's rows. */
  readonly samples: Map<number, ClassicSample>;
}

/** A native histogram with custom buckets, made of a classic one; `position` counts steps from time 0. */
export interface ConvertedHistogram {
  readonly labels: Labels;
  readonly samples: readonly { readonly position: number; readonly histogram: NativeHistogram }[];
}

/**
 * What `load_with_nhcb` loads besides its lines: for each classic histogram among them (series whose names end
 * in `_bucket`, `_count`, `_sum`) a native one. Throws RangeError where the counts of buckets fall.
 */
export function convertClassicHistograms(load: LoadCommand): ConvertedHistogram[] {
  const histograms = new Map<string, ClassicHistogram>();
  for (const series of load.series) collect(series, histograms);
  return [...histograms.values()].map(({ labels, samples }) => ({
    labels,
    samples: [...samples]
      .sort(([a], [b]) => a - b)
      .map(([position, sample]) => ({ position, histogram: convert(labels, sample) })),
  }));
}

function collect(
  { labels, values }: LoadedSeries,
  histograms: Map<string, ClassicHistogram>,
): void {
  const [, base, part] = /^(.*)_(bucket|count|sum)$/s.exec(labels.get(METRIC_NAME)) ?? [];
  if (base === undefined) return;
  const bound = part === "bucket" ? upperBound(labels) : undefined;
  if (part === "bucket" && bound === undefined) return;
  const own = labels.without("le").with(METRIC_NAME, base);
  const histogram = histograms.get(own.key) ?? { labels: own, samples: new Map() };
  histograms.set(own.key, histogram);
  for (const [position, value] of values.entries()) {
    if (value.kind !== "float") continue;
    const sample = histogram.samples.get(position) ?? {
      buckets: new Map(),
      count: undefined,
      sum: 0,
    };
    histogram.samples.set(position, sample);
    if (bound !== undefined) sample.buckets.set(bound, value.value);
    else if (part === "count") sample.count = value.value;
    else sample.sum = value.value;
  }
}

function upperBound(labels: Labels): number | undefined {
  const bound = parseBound(labels.get("le"));
  return Number.isNaN(bound) ? undefined : bound;
}

function convert(labels: Labels, { buckets, count, sum }: ClassicSample): NativeHistogram {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = count ?? sorted.at(-1)?.[1] ?? 0;
  const bounds = sorted.map(([bound]) => bound).filter(Number.isFinite);
  const cumulative = [...sorted.slice(0, bounds.length).map(([, upTo]) => upTo), total];
  const counts = cumulative.map((upTo, i) => upTo - (cumulative[i - 1] ?? 0));
  if (counts.some((inBucket) => inBucket < 0))
    throw new RangeError(
      `the counts of the classic histogram ${labels} fall from bucket to bucket`,
    );
  const positive = bucketsOf(new Map(counts.entries()));
  return nativeHistogram({
    schema: CUSTOM_BUCKETS_SCHEMA,
    count: total,
    sum,
    customValues: bounds,
    positiveSpans: positive.spans,
    positiveBuckets: positive.buckets,
    isFloat: true,
  });
}
