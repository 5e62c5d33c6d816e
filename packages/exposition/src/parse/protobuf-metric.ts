import {
  type Exemplar,
  type HistogramBucket,
  Labels,
  type MetricType,
  type NativeHistogram,
  type SummaryQuantile,
} from "@linklight/model";
import { NativeDraft } from "./protobuf-native.ts";
import type { ProtobufReader } from "./protobuf-reader.ts";

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

/**
 * `Histogram` { sample_count = 1, sample_sum = 2, bucket = 3, created_timestamp = 15, exemplars = 16 } and the
 * fields of {@link NativeDraft}.
 */
function readHistogram(
  reader: ProtobufReader,
  end: number,
  metric: ProtobufMetric,
  type: MetricType,
): void {
  const draft = new NativeDraft();
  while (reader.next(end)) {
    const { field } = reader;
    if (field === 1) metric.count = reader.unsigned(end);
    else if (field === 2) metric.sum = reader.double(end);
    else if (field === 3) metric.buckets.push(readBucket(reader, reader.delimited(end)));
    else if (field === 15) metric.createdTimestamp = readTimestamp(reader, reader.delimited(end));
    else if (field === 16) metric.exemplars.push(readExemplar(reader, reader.delimited(end)));
    else draft.readField(reader, end);
  }
  if (draft.countFloat > 0) metric.count = draft.countFloat;
  if (draft.isNative) metric.native = draft.finish(reader, metric.count, metric.sum, type);
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
