import type { Labels } from "@linklight/model";
import { renderRemarks } from "../annotations/render-annotation.ts";
import type {
  MatrixSeries,
  QueryResult,
  QueryValue,
  VectorSample,
} from "../engine/query-result.ts";
import { formatFixed } from "../number/go-format.ts";
import { ByteWriter } from "./byte-writer.ts";
import { PointOpenings } from "./point-openings.ts";
import { quoteLabel, quoteMessage, quoteStringValue } from "./quote.ts";
import { MAX_DOUBLE_BYTES, writeDouble } from "./write-double.ts";
import { histogramJson } from "./write-histogram.ts";
import { writeTimestamp } from "./write-timestamp.ts";

/** About how long a chunk is; what is indivisible (a label set, a histogram) may make it longer. */
const CHUNK_BYTES = 65_536;
/** `,[-8640000000000000.000,"…"]`. */
const MAX_POINT_BYTES: number = MAX_DOUBLE_BYTES + 32;
/** Points between two looks at the length of the chunk. */
const POINTS_AT_ONCE = 512;

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const FIRST_OPENING = `[{"metric":`;
const OPENING = `,{"metric":`;

/**
 * A result as Prometheus' HTTP API answers, byte for byte: `{"status":"success","data":{"resultType":"matrix",
 * "result":[…]},"warnings":[…],"infos":[…]}` in UTF-8, in chunks of about 64 KiB that the caller may keep.
 * `query` is the text that was asked, in which the places of warnings and infos are found.
 */
export function* writeResult(result: QueryResult, query: string): Generator<Uint8Array, void> {
  const writer = new ByteWriter(2 * CHUNK_BYTES);
  const { value } = result;
  writer.text(`{"status":"success","data":{"resultType":"${value.type}","result":`);
  yield* writeValue(writer, value);
  writer.text("}");
  const { warnings, infos } = renderRemarks(result, query);
  writeRemarks(writer, "warnings", warnings);
  writeRemarks(writer, "infos", infos);
  writer.text("}");
  yield writer.take();
}

function* writeValue(writer: ByteWriter, value: QueryValue): Generator<Uint8Array, void> {
  switch (value.type) {
    case "scalar":
      writer.text(`[${value.timestamp / 1000},"${formatFixed(value.value)}"]`);
      return;
    case "string":
      writer.text(`[${value.timestamp / 1000},${quoteStringValue(value.value)}]`);
      return;
    case "vector":
      return yield* writeVector(writer, value.samples);
    case "matrix":
      return yield* writeMatrix(writer, value.series);
  }
}

function* writeVector(
  writer: ByteWriter,
  samples: readonly VectorSample[],
): Generator<Uint8Array, void> {
  let separator = FIRST_OPENING;
  for (const { labels, timestamp, value } of samples) {
    if (writer.length >= CHUNK_BYTES) yield writer.take();
    const isFloat = typeof value === "number";
    writer.ascii(separator);
    writeLabels(writer, labels);
    writer.ascii(isFloat ? `,"value":` : `,"histogram":`);
    writeOpening(writer, timestamp);
    if (isFloat) {
      writer.bytes[writer.length++] = QUOTE;
      writer.length = writeDouble(writer.bytes, writer.length, value);
      writer.bytes[writer.length++] = QUOTE;
    } else {
      writer.text(histogramJson(value));
    }
    writer.ascii("]}");
    separator = OPENING;
  }
  writer.text(samples.length === 0 ? "[]" : "]");
}

function* writeMatrix(
  writer: ByteWriter,
  matrix: readonly MatrixSeries[],
): Generator<Uint8Array, void> {
  let separator = FIRST_OPENING;
  const openings = new PointOpenings();
  for (const series of matrix) {
    writer.ascii(separator);
    writeLabels(writer, series.labels);
    if (series.histograms === undefined) {
      yield* writeFloats(writer, series.timestamps, series.values, openings);
    } else {
      yield* writeMixed(writer, series, series.histograms, openings);
    }
    writer.ascii("}");
    separator = OPENING;
    if (writer.length >= CHUNK_BYTES) yield writer.take();
  }
  writer.text(matrix.length === 0 ? "[]" : "]");
}

function* writeFloats(
  writer: ByteWriter,
  timestamps: Float64Array,
  values: Float64Array,
  openings: PointOpenings,
): Generator<Uint8Array, void> {
  if (values.length === 0) return;
  writer.ascii(`,"values":[`);
  const write = openings.areKnown(timestamps) ? openings.writePoints.bind(openings) : writePoints;
  for (let from = 0; from < values.length; from += POINTS_AT_ONCE) {
    const to = Math.min(values.length, from + POINTS_AT_ONCE);
    writer.reserve((to - from) * MAX_POINT_BYTES);
    write(writer, timestamps, values, from, to);
    if (writer.length >= CHUNK_BYTES) yield writer.take();
  }
  writer.text("]");
}

/** Writes points `from` … `to` − 1, for which there is room, with a comma before each but the very first of the series. */
function writePoints(
  writer: ByteWriter,
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): void {
  const { bytes } = writer;
  let at = writer.length;
  for (let i = from; i < to; i++) {
    if (i > 0) bytes[at++] = COMMA;
    bytes[at++] = OPEN;
    at = writeTimestamp(bytes, at, timestamps[i] as number);
    bytes[at++] = COMMA;
    bytes[at++] = QUOTE;
    at = writeDouble(bytes, at, values[i] as number);
    bytes[at++] = QUOTE;
    bytes[at++] = CLOSE;
  }
  writer.length = at;
}

function* writeMixed(
  writer: ByteWriter,
  { timestamps, values }: MatrixSeries,
  histograms: NonNullable<MatrixSeries["histograms"]>,
  openings: PointOpenings,
): Generator<Uint8Array, void> {
  const isFloat = (_: number, i: number): boolean => histograms[i] === undefined;
  yield* writeFloats(writer, timestamps.filter(isFloat), values.filter(isFloat), openings);
  let separator = `,"histograms":[`;
  for (let i = 0; i < timestamps.length; i++) {
    const histogram = histograms[i];
    if (histogram === undefined) continue;
    writer.text(separator);
    writeOpening(writer, timestamps[i] as number);
    writer.text(`${histogramJson(histogram)}]`);
    separator = ",";
    if (writer.length >= CHUNK_BYTES) yield writer.take();
  }
  if (separator === ",") writer.text("]");
}

/** Writes `[1435781451.781,` with room for a value behind it. */
function writeOpening(writer: ByteWriter, timestamp: number): void {
  writer.reserve(MAX_POINT_BYTES);
  writer.bytes[writer.length++] = OPEN;
  writer.length = writeTimestamp(writer.bytes, writer.length, timestamp);
  writer.bytes[writer.length++] = COMMA;
}

/** Writes `{"__name__":"up","job":"switch"}`. */
function writeLabels(writer: ByteWriter, labels: Labels): void {
  for (let i = 0; i < labels.size; i++) {
    writer.ascii(i === 0 ? "{" : ",");
    writeLabel(writer, labels.nameAt(i));
    writer.ascii(":");
    writeLabel(writer, labels.valueAt(i));
  }
  writer.ascii(labels.size === 0 ? "{}" : "}");
}

/** Writes a name or value of a label as JSON: nearly all are plain ASCII, which is copied as it is. */
function writeLabel(writer: ByteWriter, text: string): void {
  writer.reserve(text.length + 2);
  const { bytes, length } = writer;
  bytes[length] = QUOTE;
  let at = length + 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code >= 0x7f || code === QUOTE || code === BACKSLASH) {
      writer.text(quoteLabel(text));
      return;
    }
    bytes[at++] = code;
  }
  bytes[at] = QUOTE;
  writer.length = at + 1;
}

function writeRemarks(
  writer: ByteWriter,
  field: "warnings" | "infos",
  remarks: readonly string[],
): void {
  if (remarks.length > 0) writer.text(`,"${field}":[${remarks.map(quoteMessage).join(",")}]`);
}
