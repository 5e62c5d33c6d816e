import {
  isCustomBucketsSchema,
  type NativeBucket,
  type NativeHistogram,
  negativeBuckets,
  positiveBuckets,
} from "@linklight/model";
import { formatValue } from "../number/go-format.ts";

/**
 * A native histogram as Prometheus' API writes it: `{"count":"3","sum":"7","buckets":[[0,"1","2","3"]]}`, where
 * a bucket is rule, lower bound, upper bound, count, from the lowest to the highest, without empty ones.
 * The rule says which bounds are inside: 0 the upper, 1 the lower, 2 none, 3 both.
 */
export function histogramJson(histogram: NativeHistogram): string {
  const buckets = allBuckets(histogram).filter(({ count }) => count !== 0);
  const list = buckets.map(
    ({ rule, lower, upper, count }) =>
      `[${rule},${quoted(lower)},${quoted(upper)},${quoted(count)}]`,
  );
  const tail = list.length === 0 ? "" : `,"buckets":[${list.join(",")}]`;
  return `{"count":${quoted(histogram.count)},"sum":${quoted(histogram.sum)}${tail}}`;
}

interface RuledBucket {
  readonly rule: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

function allBuckets(histogram: NativeHistogram): RuledBucket[] {
  const { zeroThreshold, zeroCount } = histogram;
  const isCustom = isCustomBucketsSchema(histogram.schema);
  // What the zero bucket covers is not a part of the buckets beside it.
  const negative = [...negativeBuckets(histogram)]
    .reverse()
    .map((bucket) => ruled({ ...bucket, upper: Math.min(bucket.upper, -zeroThreshold) }, isCustom));
  const positive = [...positiveBuckets(histogram)].map((bucket) =>
    isCustom
      ? ruled(bucket, isCustom)
      : ruled({ ...bucket, lower: Math.max(bucket.lower, zeroThreshold) }, isCustom),
  );
  const zero = { rule: 3, lower: -zeroThreshold, upper: zeroThreshold, count: zeroCount };
  return [...negative, zero, ...positive];
}

function ruled({ lower, upper, count, index }: NativeBucket, isCustom: boolean): RuledBucket {
  const isLowerInside = isCustom ? index === 0 : lower < 0;
  const isUpperInside = isCustom || upper > 0;
  const rule = isLowerInside ? (isUpperInside ? 3 : 1) : isUpperInside ? 0 : 2;
  return { rule, lower, upper, count };
}

function quoted(value: number): string {
  return `"${formatValue(value)}"`;
}
