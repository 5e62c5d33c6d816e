import {
  type BucketSpan,
  type Exemplar,
  isCustomBucketsSchema,
  type MetricType,
  type NativeHistogram,
} from "@linklight/model";
import type { Layout } from "../layout.ts";
import type { SeriesPart } from "../table.ts";
import { isTimestamp } from "../timestamp.ts";
import { utf8AsLatin1 } from "./latin1.ts";
import { escapeLabels } from "./prefix.ts";
import type { ProtobufEncoder } from "./protobuf-encoder.ts";

// Field numbers of io.prometheus.client (client_model's metrics.proto) are written as they are numbered there.

/** Which field of `Metric` holds the number of a metric with one number. */
export function valueField(type: MetricType): number {
  if (type === "counter") return 3;
  return type === "unknown" ? 5 : 2;
}

/** `Metric` { label = 1, gauge = 2, counter = 3, untyped = 5, timestamp_ms = 6 } of a metric with one number. */
export function encodeValue(
  encoder: ProtobufEncoder,
  type: MetricType,
  part: SeriesPart,
  labels: string,
  index: number,
  layout: Layout,
): void {
  const series = Math.floor(index / part.lines.length);
  encodeTimestampMs(encoder, part, series);
  const mark = encoder.length;
  const exemplar = part.exemplars?.get(index);
  if (type === "counter") {
    encodeTime(encoder, 3, part.createdTimestamps?.[series]);
    if (exemplar !== undefined) encodeExemplar(encoder, 2, exemplar, layout);
  }
  encoder.double(1, part.values[index] as number);
  encoder.message(valueField(type), mark);
  encoder.raw(labels);
}

/** `Metric` { label = 1, summary = 4, timestamp_ms = 6 }, `Summary` { sample_count = 1, sample_sum = 2, quantile = 3, created_timestamp = 4 }. */
export function encodeSummary(
  encoder: ProtobufEncoder,
  part: SeriesPart,
  labels: string,
  series: number,
): void {
  encodeTimestampMs(encoder, part, series);
  const mark = encoder.length;
  encodeTime(encoder, 4, part.createdTimestamps?.[series]);
  const at = series * part.lines.length;
  let sum: number | undefined;
  let count: number | undefined;
  for (let i = part.lines.length - 1; i >= 0; i--) {
    const { suffix, value } = part.lines[i] as SeriesPart["lines"][number];
    const v = part.values[at + i] as number;
    if (suffix === "_sum") sum = v;
    else if (suffix === "_count") count = v;
    else {
      const quantile = encoder.length;
      encoder.double(2, v);
      encoder.double(1, Number(value));
      encoder.message(3, quantile);
    }
  }
  if (sum !== undefined) encoder.double(2, sum);
  if (count !== undefined && isCount(count)) encoder.unsigned(1, count);
  encoder.message(4, mark);
  encoder.raw(labels);
}

/**
 * `Metric` { label = 1, timestamp_ms = 6, histogram = 7 } with classic buckets, native ones or both. Native
 * histograms with custom buckets, for which the format has no fields, become classic ones.
 */
export function encodeHistogram(
  encoder: ProtobufEncoder,
  part: SeriesPart,
  labels: string,
  series: number,
  layout: Layout,
): void {
  encodeTimestampMs(encoder, part, series);
  const mark = encoder.length;
  const native = part.natives?.[series];
  const classic = classicOf(part, series, native);
  const exemplars = part.nativeExemplars?.[series] ?? [];
  for (const e of exemplars.toReversed()) encodeExemplar(encoder, 16, e, layout);
  encodeTime(encoder, 15, part.createdTimestamps?.[series]);
  if (native !== undefined && !isCustomBucketsSchema(native.schema)) encodeNative(encoder, native);
  const isFloat = native?.isFloat === true || ![classic.count, ...classic.counts].every(isCount);
  if (isFloat) encoder.double(4, classic.count);
  for (let i = classic.bounds.length - 1; i >= 0; i--) {
    const bucket = encoder.length;
    const exemplar = classic.exemplars[i];
    const count = classic.counts[i] as number;
    if (isFloat) encoder.double(4, count);
    if (exemplar !== undefined) encodeExemplar(encoder, 3, exemplar, layout);
    encoder.double(2, classic.bounds[i] as number);
    if (!isFloat) encoder.unsigned(1, count);
    encoder.message(3, bucket);
  }
  if (classic.sum !== undefined) encoder.double(2, classic.sum);
  if (!isFloat) encoder.unsigned(1, classic.count);
  encoder.message(7, mark);
  encoder.raw(labels);
}

interface Classic {
  readonly bounds: readonly number[];
  /** Cumulative. */
  readonly counts: readonly number[];
  readonly exemplars: readonly (Exemplar | undefined)[];
  readonly sum: number | undefined;
  readonly count: number;
}

function classicOf(
  { lines, values, exemplars }: SeriesPart,
  series: number,
  native: NativeHistogram | undefined,
): Classic {
  const at = series * lines.length;
  const bounds: number[] = [];
  const counts: number[] = [];
  const found: (Exemplar | undefined)[] = [];
  let sum = native?.sum;
  let count = native?.count;
  lines.forEach(({ suffix, value }, i) => {
    const v = values[at + i] as number;
    if (suffix === "_bucket") {
      bounds.push(Number(value));
      counts.push(v);
      found.push(exemplars?.get(at + i));
    } else if (suffix.endsWith("sum")) sum ??= v;
    else count ??= v;
  });
  if (bounds.length === 0 && native !== undefined && isCustomBucketsSchema(native.schema)) {
    customBuckets(native, bounds, counts);
  }
  return { bounds, counts, exemplars: found, sum, count: count ?? counts.at(-1) ?? 0 };
}

function customBuckets(native: NativeHistogram, bounds: number[], counts: number[]): void {
  const absolute = new Float64Array(native.customValues.length + 1);
  let index = 0;
  let bucket = 0;
  for (const { offset, length } of native.positiveSpans) {
    index += offset;
    for (let i = 0; i < length; i++) absolute[index++] = native.positiveBuckets[bucket++] as number;
  }
  let total = 0;
  absolute.forEach((count, i) => {
    total += count;
    bounds.push(native.customValues[i] ?? Number.POSITIVE_INFINITY);
    counts.push(total);
  });
}

/**
 * The native fields: schema = 5, zero_threshold = 6, zero_count = 7 or 8, spans = 9 and 12, deltas = 10
 * and 13, or counts = 11 and 14 of histograms of floats.
 */
function encodeNative(encoder: ProtobufEncoder, native: NativeHistogram): void {
  const { positiveSpans, negativeSpans, zeroCount, zeroThreshold, isFloat } = native;
  encodeBuckets(encoder, native.positiveBuckets, isFloat ? 14 : 13, isFloat);
  encodeSpans(encoder, 12, positiveSpans);
  // A reader knows a native histogram by its spans or its zero bucket: an empty one gets an empty span.
  const looksClassic =
    positiveSpans.length + negativeSpans.length === 0 && zeroCount === 0 && zeroThreshold === 0;
  if (looksClassic) encodeSpans(encoder, 12, [{ offset: 0, length: 0 }]);
  encodeBuckets(encoder, native.negativeBuckets, isFloat ? 11 : 10, isFloat);
  encodeSpans(encoder, 9, negativeSpans);
  if (isFloat) encoder.double(8, zeroCount);
  else encoder.unsigned(7, zeroCount);
  encoder.double(6, zeroThreshold);
  encoder.zigzag(5, native.schema);
}

function encodeBuckets(
  encoder: ProtobufEncoder,
  buckets: readonly number[],
  field: number,
  isFloat: boolean,
): void {
  for (let i = buckets.length - 1; i >= 0; i--) {
    const count = buckets[i] as number;
    if (isFloat) encoder.double(field, count);
    else encoder.zigzag(field, count - (buckets[i - 1] ?? 0));
  }
}

function encodeSpans(encoder: ProtobufEncoder, field: number, spans: readonly BucketSpan[]): void {
  for (const { offset, length } of spans.toReversed()) {
    const mark = encoder.length;
    encoder.unsigned(2, length);
    encoder.zigzag(1, offset);
    encoder.message(field, mark);
  }
}

/** `Exemplar` { label = 1, value = 2, timestamp = 3 }. */
function encodeExemplar(
  encoder: ProtobufEncoder,
  field: number,
  { labels, value, timestamp }: Exemplar,
  { escaping }: Layout,
): void {
  const mark = encoder.length;
  encodeTime(encoder, 3, timestamp);
  encoder.double(2, value);
  for (const [name, labelValue] of [...escapeLabels(labels, escaping)].reverse()) {
    const label = encoder.length;
    encoder.text(2, utf8AsLatin1(labelValue));
    encoder.text(1, utf8AsLatin1(name));
    encoder.message(1, label);
  }
  encoder.message(field, mark);
}

function encodeTimestampMs(encoder: ProtobufEncoder, part: SeriesPart, series: number): void {
  const timestamp = part.timestamps?.[series] ?? Number.NaN;
  if (isTimestamp(timestamp)) encoder.signed(6, Math.trunc(timestamp));
}

/** google.protobuf.`Timestamp` { seconds = 1, nanos = 2 }; nothing for none. */
function encodeTime(encoder: ProtobufEncoder, field: number, milliseconds = Number.NaN): void {
  if (!isTimestamp(milliseconds)) return;
  const mark = encoder.length;
  const seconds = Math.floor(milliseconds / 1000);
  const nanos = Math.round((milliseconds - seconds * 1000) * 1e6);
  if (nanos !== 0) encoder.unsigned(2, Math.min(nanos, 999_999_999));
  encoder.signed(1, seconds);
  encoder.message(field, mark);
}

function isCount(v: number): boolean {
  return v >= 0 && v <= Number.MAX_SAFE_INTEGER && Number.isInteger(v);
}
