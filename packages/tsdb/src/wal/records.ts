import { Labels } from "@linklight/model";
import type { Interval } from "../chunk/trim.ts";
import { ByteReader, type Place, placeText } from "../encoding/byte-reader.ts";
import type { ByteWriter } from "../encoding/byte-writer.ts";
import { CorruptionError, NumberRangeError } from "../encoding/corruption.ts";
import { TextCache } from "../encoding/text-cache.ts";
import { looksCompressed } from "./compression.ts";

/** The first byte of a record. */
const SERIES_RECORD = 1;
const SAMPLES_RECORD = 2;
const TOMBSTONES_RECORD = 3;
const METADATA_RECORD = 6;

/** Records that Prometheus writes and that are not read yet, by their byte. */
const UNREAD: Readonly<Record<number, string>> = {
  4: "exemplars",
  5: "markers of memory-mapped chunks",
  7: "histogram samples",
  8: "float histogram samples",
  9: "histogram samples with custom buckets",
  10: "float histogram samples with custom buckets",
  11: "samples with start timestamps",
  12: "histogram samples with start timestamps",
  13: "float histogram samples with start timestamps",
};

export interface SeriesEntry {
  readonly ref: number;
  readonly labels: Labels;
}

export interface TombstoneEntry extends Interval {
  readonly ref: number;
}

/** What is known about a metric: its type as Prometheus' byte, help and unit. */
export interface MetadataEntry {
  readonly ref: number;
  readonly type: number;
  readonly help: string;
  readonly unit: string;
}

/** Samples of many series in columns: element i of each belongs to sample i. */
export interface SampleEntries {
  length: number;
  refs: Float64Array;
  timestamps: Float64Array;
  values: Float64Array;
}

/** A record as it was read. */
export type DecodedRecord =
  | { readonly type: "series"; readonly series: readonly SeriesEntry[] }
  | { readonly type: "samples"; readonly samples: SampleEntries }
  | { readonly type: "tombstones"; readonly tombstones: readonly TombstoneEntry[] }
  | { readonly type: "metadata"; readonly metadata: readonly MetadataEntry[] }
  /** Known to Prometheus, perhaps to a later version, and not read here: `name` says what it is. */
  | { readonly type: "unread"; readonly name: string };

export function encodeSeries(into: ByteWriter, series: readonly SeriesEntry[]): void {
  into.u8(SERIES_RECORD);
  for (const { ref, labels } of series) {
    into.i64(ref);
    into.uvarint(labels.size);
    for (const [name, value] of labels) {
      into.string(name);
      into.string(value);
    }
  }
}

/**
 * Encodes samples from the one at `start` on. Refs and times are distances from those of the first: ends before a sample
 * whose distance is beyond 2^53, which nobody could read. Returns where it ended.
 */
export function encodeSamples(into: ByteWriter, samples: SampleEntries, start = 0): number {
  into.u8(SAMPLES_RECORD);
  if (start >= samples.length) return start;
  const firstRef = samples.refs[start] as number;
  const firstTime = samples.timestamps[start] as number;
  into.i64(firstRef);
  into.i64(firstTime);
  for (let i = start; i < samples.length; i++) {
    const distance = (samples.timestamps[i] as number) - firstTime;
    if (Math.abs(distance) > Number.MAX_SAFE_INTEGER) return i;
    into.varint((samples.refs[i] as number) - firstRef);
    into.varint(distance);
    into.f64(samples.values[i] as number);
  }
  return samples.length;
}

export function encodeTombstones(into: ByteWriter, tombstones: readonly TombstoneEntry[]): void {
  into.u8(TOMBSTONES_RECORD);
  for (const { ref, minTime, maxTime } of tombstones) {
    into.i64(ref);
    into.varint(minTime);
    into.varint(maxTime);
  }
}

export function encodeMetadata(into: ByteWriter, metadata: readonly MetadataEntry[]): void {
  into.u8(METADATA_RECORD);
  for (const { ref, type, help, unit } of metadata) {
    into.uvarint(ref);
    into.u8(type);
    into.uvarint(2);
    into.string("UNIT");
    into.string(unit);
    into.string("HELP");
    into.string(help);
  }
}

const texts = new TextCache();

/**
 * Reads a record. Throws CorruptionError for bytes that are none. Samples are put into `columns`, which are made
 * larger when they are too small, in place of what was there.
 */
export function decodeRecord(
  data: Uint8Array,
  where: Place,
  columns: SampleEntries = newColumns(0),
): DecodedRecord {
  const reader = new ByteReader(data, where);
  const type = reader.u8();
  switch (type) {
    case SERIES_RECORD:
      return { type: "series", series: decodeSeries(data, where) };
    case SAMPLES_RECORD:
      return { type: "samples", samples: decodeSamples(reader, columns, where) };
    case TOMBSTONES_RECORD:
      return { type: "tombstones", tombstones: decodeTombstones(reader) };
    case METADATA_RECORD:
      return { type: "metadata", metadata: decodeMetadata(reader) };
    default: {
      if (!isType(type) && (type === 0 || looksCompressed(data, isType)))
        throw new CorruptionError(`${placeText(where)}: no record begins with ${type}`);
      return { type: "unread", name: UNREAD[type] ?? `records of type ${type}, which are new` };
    }
  }
}

function isType(type: number): boolean {
  return (
    (type >= SERIES_RECORD && type <= TOMBSTONES_RECORD) ||
    type === METADATA_RECORD ||
    type in UNREAD
  );
}

/** Whether `readSeries` reads a record. */
export function isSeriesRecord(data: Uint8Array): boolean {
  return data[0] === SERIES_RECORD;
}

/**
 * Gives the series of a record one by one, so that none of a long record need be kept. Throws CorruptionError before the
 * first of them when the bytes are no series record.
 */
export function readSeries(
  data: Uint8Array,
  where: Place,
  each: (ref: number, labels: Labels) => void,
): void {
  checkSeries(new ByteReader(data, where));
  const reader = new ByteReader(data, where);
  reader.skip(1);
  // An array that grows has room for seventeen: so it does once, and each series gets as much as it has labels.
  const pairs: string[] = [];
  while (reader.remaining > 0) {
    const ref = reader.u64();
    const length = 2 * reader.uvarint();
    for (let i = 0; i < length; i++) pairs[i] = reader.cachedString(texts);
    each(ref, Labels.fromSortedPairs(pairs.slice(0, length)));
  }
}

function checkSeries(reader: ByteReader): void {
  reader.skip(1);
  while (reader.remaining > 0) {
    reader.u64();
    for (let strings = 2 * reader.uvarint(); strings > 0; strings--) reader.skip(reader.uvarint());
  }
}

function decodeSeries(data: Uint8Array, where: Place): SeriesEntry[] {
  const series: SeriesEntry[] = [];
  readSeries(data, where, (ref, labels) => series.push({ ref, labels }));
  return series;
}

function decodeSamples(reader: ByteReader, columns: SampleEntries, where: Place): SampleEntries {
  columns.length = 0;
  if (reader.remaining === 0) return columns;
  const firstRef = reader.u64();
  const firstTime = reader.i64();
  // A sample is at least two varints and a float.
  const most = Math.floor(reader.remaining / 10);
  if (columns.refs.length < most) Object.assign(columns, newColumns(most));
  const { refs, timestamps, values } = columns;
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let i = 0;
  for (; reader.remaining > 0; i++) {
    refs[i] = firstRef + reader.varint();
    const timestamp = firstTime + reader.varint();
    if (timestamp > Number.MAX_SAFE_INTEGER || timestamp < Number.MIN_SAFE_INTEGER)
      throw new NumberRangeError(`${placeText(where)}: the time ${timestamp} is beyond 2^53`);
    timestamps[i] = timestamp;
    reader.f64Into(words, i);
  }
  columns.length = i;
  return columns;
}

function newColumns(capacity: number): SampleEntries {
  return {
    length: 0,
    refs: new Float64Array(capacity),
    timestamps: new Float64Array(capacity),
    values: new Float64Array(capacity),
  };
}

function decodeTombstones(reader: ByteReader): TombstoneEntry[] {
  const tombstones: TombstoneEntry[] = [];
  while (reader.remaining > 0)
    tombstones.push({ ref: reader.u64(), minTime: reader.varint(), maxTime: reader.varint() });
  return tombstones;
}

function decodeMetadata(reader: ByteReader): MetadataEntry[] {
  const metadata: MetadataEntry[] = [];
  while (reader.remaining > 0) {
    const ref = reader.uvarint();
    const type = reader.u8();
    const fields = new Map<string, string>();
    for (let count = reader.uvarint(); count > 0; count--)
      fields.set(reader.string(), reader.string());
    metadata.push({
      ref,
      type,
      help: fields.get("HELP") ?? "",
      unit: fields.get("UNIT") ?? "",
    });
  }
  return metadata;
}
