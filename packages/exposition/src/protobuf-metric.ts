import {
  type BucketSpan,
  type Exemplar,
  type HistogramBucket,
  Labels,
  type MetricType,
  type NativeHistogram,
  nativeHistogram,
  type SummaryQuantile,
} from "@linklight/model";
import { FIXED64, type ProtobufReader, VARINT } from "./protobuf-reader.ts";

/** A `Metric` message of io.prometheus.client with the part that belongs to the type of its family. */
export interface ProtobufMetric {
  /** In the order of the input. */
  readonly labels: [string, string][];
  timestamp: number | undefined;
  createdTimestamp: number | undefined;
  /** Counter, gauge, untyped. */
  value: number;
  exemplar: Exemplar | undefined;
  /** Histogram and summary. */
  count: number;
  sum: number;
  readonly buckets: HistogramBucket[];
  readonly quantiles: SummaryQuantile[];
  native: NativeHistogram | undefined;
  /** Of the native histogram. */
  readonly exemplars: Exemplar[];
}

/** Reads a `Metric` message up to `end`; parts that belong to other types are passed over. */
export function readMetric(reader: ProtobufReader, end: number, type: MetricType): ProtobufMetric {
  const metric: ProtobufMetric = {
    labels: [],
    timestamp: undefined,
    createdTimestamp: undefined,
    value: 0,
    exemplar: undefined,
    count: 0,
    sum: 0,
    buckets: [],
    quantiles: [],
    native: undefined,
    exemplars: [],
  };
  const part = PARTS[type];
  while (reader.next(end)) {
    if (reader.field === 1) metric.labels.push(readLabel(reader, reader.delimited(end)));
    else if (reader.field === 6) metric.timestamp = reader.signed(end);
    else if (reader.field === part?.field) part.read(reader, reader.delimited(end), metric, type);
    else reader.skip(end);
  }
  return metric;
}

type PartReader = (
  reader: ProtobufReader,
  end: number,
  metric: ProtobufMetric,
  type: MetricType,
) => void;

const PARTS: Readonly<
  Partial<Record<MetricType, { readonly field: number; readonly read: PartReader }>>
> = {
  gauge: { field: 2, read: readValue },
  counter: { field: 3, read: readValue },
  summary: { field: 4, read: readSummary },
  unknown: { field: 5, read: readValue },
  histogram: { field: 7, read: readHistogram },
  gaugehistogram: { field: 7, read: readHistogram },
};

/** `Gauge`, `Untyped` { value = 1 } and `Counter` { value = 1, exemplar = 2, created_timestamp = 3 }. */
function readValue(
  reader: ProtobufReader,
  end: number,
  metric: ProtobufMetric,
  type: MetricType,
): void {
  while (reader.next(end)) {
    if (reader.field === 1) metric.value = reader.double(end);
    else if (reader.field === 2 && type === "counter")
      metric.exemplar = readExemplar(reader, reader.delimited(end));
    else if (reader.field === 3 && type === "counter")
      metric.createdTimestamp = readTimestamp(reader, reader.delimited(end));
    else reader.skip(end);
  }
}

/** `Summary` { sample_count = 1, sample_sum = 2, quantile = 3, created_timestamp = 4 }. */
function readSummary(reader: ProtobufReader, end: number, metric: ProtobufMetric): void {
  while (reader.next(end)) {
    if (reader.field === 1) metric.count = reader.unsigned(end);
    else if (reader.field === 2) metric.sum = reader.double(end);
    else if (reader.field === 3) metric.quantiles.push(readQuantile(reader, reader.delimited(end)));
    else if (reader.field === 4)
      metric.createdTimestamp = readTimestamp(reader, reader.delimited(end));
    else reader.skip(end);
  }
}

function readQuantile(reader: ProtobufReader, end: number): SummaryQuantile {
  let quantile = 0;
  let value = 0;
  while (reader.next(end)) {
    if (reader.field === 1) quantile = reader.double(end);
    else if (reader.field === 2) value = reader.double(end);
    else reader.skip(end);
  }
  return { quantile, value };
}

/** The native fields of a `Histogram` while it is being read; bucket counts are still deltas. */
interface NativeDraft {
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  zeroCountFloat: number;
  countFloat: number;
  readonly positiveSpans: BucketSpan[];
  readonly positiveDeltas: number[];
  readonly positiveCounts: number[];
  readonly negativeSpans: BucketSpan[];
  readonly negativeDeltas: number[];
  readonly negativeCounts: number[];
}

/**
 * `Histogram` { sample_count = 1, sample_sum = 2, bucket = 3, sample_count_float = 4, schema = 5,
 * zero_threshold = 6, zero_count = 7, zero_count_float = 8, negative_span = 9, negative_delta = 10,
 * negative_count = 11, positive_span = 12, positive_delta = 13, positive_count = 14,
 * created_timestamp = 15, exemplars = 16 }.
 */
function readHistogram(
  reader: ProtobufReader,
  end: number,
  metric: ProtobufMetric,
  type: MetricType,
): void {
  const draft: NativeDraft = {
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    zeroCountFloat: 0,
    countFloat: 0,
    positiveSpans: [],
    positiveDeltas: [],
    positiveCounts: [],
    negativeSpans: [],
    negativeDeltas: [],
    negativeCounts: [],
  };
  while (reader.next(end)) {
    const { field } = reader;
    if (field === 1) metric.count = reader.unsigned(end);
    else if (field === 2) metric.sum = reader.double(end);
    else if (field === 3) metric.buckets.push(readBucket(reader, reader.delimited(end)));
    else if (field === 15) metric.createdTimestamp = readTimestamp(reader, reader.delimited(end));
    else if (field === 16) metric.exemplars.push(readExemplar(reader, reader.delimited(end)));
    else readNativeField(reader, end, draft);
  }
  if (draft.countFloat > 0) metric.count = draft.countFloat;
  if (isNative(draft)) metric.native = nativeOf(reader, draft, metric, type);
}

function readNativeField(reader: ProtobufReader, end: number, draft: NativeDraft): void {
  switch (reader.field) {
    case 4:
      draft.countFloat = reader.double(end);
      break;
    case 5:
      if (reader.wire !== VARINT) reader.fail("field 5 (schema) is no varint");
      draft.schema = reader.zigzag(end);
      break;
    case 6:
      draft.zeroThreshold = reader.double(end);
      break;
    case 7:
      draft.zeroCount = reader.unsigned(end);
      break;
    case 8:
      draft.zeroCountFloat = reader.double(end);
      break;
    case 9:
      draft.negativeSpans.push(readSpan(reader, reader.delimited(end)));
      break;
    case 10:
      reader.repeated(end, draft.negativeDeltas, VARINT, reader.zigzag);
      break;
    case 11:
      reader.repeated(end, draft.negativeCounts, FIXED64, reader.fixed64);
      break;
    case 12:
      draft.positiveSpans.push(readSpan(reader, reader.delimited(end)));
      break;
    case 13:
      reader.repeated(end, draft.positiveDeltas, VARINT, reader.zigzag);
      break;
    case 14:
      reader.repeated(end, draft.positiveCounts, FIXED64, reader.fixed64);
      break;
    default:
      reader.skip(end);
  }
}

/** An empty native histogram is told from a classic one by a span without buckets. */
function isNative(draft: NativeDraft): boolean {
  return (
    draft.positiveSpans.length > 0 ||
    draft.negativeSpans.length > 0 ||
    draft.zeroThreshold > 0 ||
    draft.zeroCount > 0 ||
    draft.zeroCountFloat > 0
  );
}

function nativeOf(
  reader: ProtobufReader,
  draft: NativeDraft,
  { count, sum }: ProtobufMetric,
  type: MetricType,
): NativeHistogram {
  const isFloat =
    draft.countFloat > 0 ||
    draft.zeroCountFloat > 0 ||
    draft.positiveCounts.length + draft.negativeCounts.length > 0;
  const histogram = nativeHistogram({
    schema: draft.schema,
    zeroThreshold: draft.zeroThreshold,
    zeroCount: isFloat ? draft.zeroCountFloat : draft.zeroCount,
    count: isFloat ? draft.countFloat : count,
    sum,
    positiveSpans: withoutEmpty(draft.positiveSpans),
    positiveBuckets: isFloat ? draft.positiveCounts : runningSums(draft.positiveDeltas),
    negativeSpans: withoutEmpty(draft.negativeSpans),
    negativeBuckets: isFloat ? draft.negativeCounts : runningSums(draft.negativeDeltas),
    counterResetHint: type === "gaugehistogram" ? "gauge" : "unknown",
    isFloat,
  });
  // A span may announce four thousand million buckets: whoever walks the spans relies on this.
  checkSpans(reader, "positive", histogram.positiveSpans, histogram.positiveBuckets);
  checkSpans(reader, "negative", histogram.negativeSpans, histogram.negativeBuckets);
  return histogram;
}

/** The no-op span, offset 0 and length 0, only says that the histogram is a native one. */
function withoutEmpty(spans: BucketSpan[]): BucketSpan[] {
  return spans.length === 1 && spans[0]?.offset === 0 && spans[0].length === 0 ? [] : spans;
}

function runningSums(deltas: readonly number[]): number[] {
  let count = 0;
  return deltas.map((delta) => {
    count += delta;
    return count;
  });
}

function checkSpans(
  reader: ProtobufReader,
  side: string,
  spans: readonly BucketSpan[],
  buckets: readonly number[],
): void {
  const needed = spans.reduce((sum, span) => sum + span.length, 0);
  if (needed !== buckets.length)
    reader.fail(
      `the ${side} spans of a native histogram need ${needed} buckets, but it has ${buckets.length}`,
    );
}

/** `Bucket` { cumulative_count = 1, upper_bound = 2, exemplar = 3, cumulative_count_float = 4 }. */
function readBucket(reader: ProtobufReader, end: number): HistogramBucket {
  let count = 0;
  let countFloat = 0;
  let upperBound = 0;
  let exemplar: Exemplar | undefined;
  while (reader.next(end)) {
    if (reader.field === 1) count = reader.unsigned(end);
    else if (reader.field === 2) upperBound = reader.double(end);
    else if (reader.field === 3) exemplar = readExemplar(reader, reader.delimited(end));
    else if (reader.field === 4) countFloat = reader.double(end);
    else reader.skip(end);
  }
  const cumulativeCount = countFloat > 0 ? countFloat : count;
  return { upperBound, cumulativeCount, ...(exemplar !== undefined && { exemplar }) };
}

/** `BucketSpan` { offset = 1 (sint32), length = 2 (uint32) }. */
function readSpan(reader: ProtobufReader, end: number): BucketSpan {
  let offset = 0;
  let length = 0;
  while (reader.next(end)) {
    if (reader.field === 1 && reader.wire === VARINT) offset = reader.zigzag(end);
    else if (reader.field === 2) length = reader.unsigned(end);
    else reader.skip(end);
  }
  if (Math.abs(offset) > 0x80000000 || length > 0xffffffff)
    reader.fail(`a span with offset ${offset} and length ${length} is beyond 32 bits`);
  return { offset, length };
}

/** `Exemplar` { label = 1, value = 2, timestamp = 3 }. */
function readExemplar(reader: ProtobufReader, end: number): Exemplar {
  const start = reader.position;
  const pairs: [string, string][] = [];
  let value = 0;
  let timestamp: number | undefined;
  while (reader.next(end)) {
    if (reader.field === 1) pairs.push(readLabel(reader, reader.delimited(end)));
    else if (reader.field === 2) value = reader.double(end);
    else if (reader.field === 3) timestamp = readTimestamp(reader, reader.delimited(end));
    else reader.skip(end);
  }
  const labels = labelsOf(reader, pairs, start);
  return { labels, value, ...(timestamp !== undefined && { timestamp }) };
}

/** `google.protobuf.Timestamp` { seconds = 1, nanos = 2 } in milliseconds, with their fraction. */
function readTimestamp(reader: ProtobufReader, end: number): number {
  let seconds = 0;
  let nanos = 0;
  while (reader.next(end)) {
    if (reader.field === 1) seconds = reader.signed(end);
    else if (reader.field === 2) nanos = reader.signed(end);
    else reader.skip(end);
  }
  return seconds * 1000 + nanos / 1e6;
}

/** `LabelPair` { name = 1, value = 2 }. */
function readLabel(reader: ProtobufReader, end: number): [string, string] {
  const at = reader.position;
  let name = "";
  let value = "";
  while (reader.next(end)) {
    if (reader.field === 1) name = reader.string(end);
    else if (reader.field === 2) value = reader.string(end);
    else reader.skip(end);
  }
  if (name === "") reader.fail("a label name must not be empty", at);
  return [name, value];
}

/** A label set; a name that occurs twice is an ExpositionError at `at`. */
export function labelsOf(reader: ProtobufReader, pairs: [string, string][], at: number): Labels {
  try {
    return Labels.from(pairs);
  } catch (error) {
    if (error instanceof TypeError) reader.fail(error.message, at);
    throw error;
  }
}
