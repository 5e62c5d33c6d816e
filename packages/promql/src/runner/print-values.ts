import { type CounterResetHint, isStaleMarker, type NativeHistogram } from "@linklight/model";
import type { SequenceValue } from "../script/command.ts";
import { type BucketCounts, negativeCounts, positiveCounts } from "../script/histogram-sum.ts";

/** A row of values as a script writes it, such as `1 _ 3`. */
export function printValues(values: readonly SequenceValue[]): string {
  return values.map(printValue).join(" ");
}

/** A value as a script writes it: `1.5`, `Inf`, `_`, `stale`, `{{count:2 sum:3}}`. */
export function printValue(value: SequenceValue): string {
  switch (value.kind) {
    case "omitted":
      return "_";
    case "stale":
      return "stale";
    case "float":
      return printFloat(value.value);
    case "histogram":
      return printHistogram(value.histogram, value.isHintWritten);
  }
}

/** A float as a script writes it. */
export function printFloat(value: number): string {
  if (isStaleMarker(value)) return "stale";
  if (Object.is(value, -0)) return "-0";
  return `${value}`.replace("Infinity", "Inf");
}

function printHistogram(histogram: NativeHistogram, withHint: boolean): string {
  const fields: [name: string, text: string][] = [];
  const number = (name: string, value: number): void => {
    if (value !== 0) fields.push([name, printFloat(value)]);
  };
  const list = (name: string, values: readonly number[]): void => {
    if (values.length > 0) fields.push([name, `[${values.map(printFloat).join(" ")}]`]);
  };
  number("schema", histogram.schema);
  number("count", histogram.count);
  number("sum", histogram.sum);
  number("z_bucket", histogram.zeroCount);
  number("z_bucket_w", histogram.zeroThreshold);
  list("custom_values", histogram.customValues);
  for (const [prefix, counts] of [
    ["", positiveCounts(histogram)],
    ["n_", negativeCounts(histogram)],
  ] as const) {
    const { offset, buckets } = contiguous(counts);
    number(`${prefix}offset`, offset);
    list(`${prefix}buckets`, buckets);
  }
  const hint: CounterResetHint = histogram.counterResetHint;
  if (withHint || hint !== "unknown") fields.push(["counter_reset_hint", hint]);
  return `{{${fields.map(([name, text]) => `${name}:${text}`).join(" ")}}}`;
}

/** The buckets from the first filled one to the last, with the empty ones between them. */
function contiguous(counts: BucketCounts): { offset: number; buckets: readonly number[] } {
  const filled = [...counts].filter(([, count]) => count !== 0).map(([index]) => index);
  if (filled.length === 0) return { offset: 0, buckets: [] };
  const offset = Math.min(...filled);
  const length = Math.max(...filled) - offset + 1;
  return { offset, buckets: Array.from({ length }, (_, i) => counts.get(offset + i) ?? 0) };
}
