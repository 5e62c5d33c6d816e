import { assert } from "@linklight/model";
import type { Line, SeriesPart } from "../table.ts";

/** The suffixes of a histogram's totals. */
export interface TotalSuffixes {
  readonly sum: string;
  readonly count: string;
}

/** Of a histogram and of a gauge histogram. */
export const HISTOGRAM_TOTALS: TotalSuffixes = { sum: "_sum", count: "_count" };
export const GAUGE_HISTOGRAM_TOTALS: TotalSuffixes = { sum: "_gsum", count: "_gcount" };

/**
 * A histogram's part with the bucket that holds everything, `le="+Inf"`, which the text formats ask for:
 * the part itself where it has one; else one whose bucket is the count. Of native histograms alone, the
 * text formats show that bucket, sum and count, as Prometheus' library does.
 */
export function withInfiniteBucket(part: SeriesPart, totals: TotalSuffixes): SeriesPart {
  const { lines, natives, size, values } = part;
  const bucketCount = lines.filter((line) => line.suffix === "_bucket").length;
  const last = lines[bucketCount - 1];
  if (last?.value === Number.POSITIVE_INFINITY) return part;
  const sumAt = lines.findIndex((line) => line.suffix === totals.sum);
  const countAt = lines.findIndex((line) => line.suffix === totals.count);
  const fromNatives = bucketCount === 0 && natives !== undefined;
  if (!fromNatives && countAt < 0) return part;

  const completed: Line[] = [
    ...lines.slice(0, bucketCount),
    { suffix: "_bucket", label: "le", value: Number.POSITIVE_INFINITY },
    { suffix: totals.sum },
    { suffix: totals.count },
  ].filter((line) => fromNatives || sumAt >= 0 || line.suffix !== totals.sum);
  const { exemplars: _, ...rest } = part;
  const columns = new Float64Array(size * completed.length);
  for (let s = 0; s < size; s++) {
    const native = natives?.[s];
    assert(
      native !== undefined || countAt >= 0,
      `exposition: histogram ${s} has neither count nor buckets`,
    );
    const at = s * lines.length;
    const count = countAt >= 0 ? (values[at + countAt] as number) : (native?.count ?? 0);
    const sum = sumAt >= 0 ? (values[at + sumAt] as number) : (native?.sum ?? 0);
    const row = [...values.subarray(at, at + bucketCount), count, sum, count];
    if (completed.length < row.length) row.splice(bucketCount + 1, 1);
    columns.set(row, s * completed.length);
  }
  return { ...rest, lines: completed, values: columns };
}
