import {
  type BucketSpan,
  type MetricType,
  type NativeHistogram,
  nativeHistogram,
} from "@linklight/model";
import { FIXED64, type ProtobufReader, VARINT } from "./protobuf-reader.ts";

/**
 * The native fields of a `Histogram` message while it is being read: sample_count_float = 4, schema = 5,
 * zero_threshold = 6, zero_count = 7, zero_count_float = 8, negative_span = 9, negative_delta = 10,
 * negative_count = 11, positive_span = 12, positive_delta = 13, positive_count = 14.
 *
 * Integer buckets are sent as differences (delta), those of float histograms as they are (count).
 */
export class NativeDraft {
  /** The count of a float histogram, classic or native; 0 for others. */
  countFloat = 0;
  #schema = 0;
  #zeroThreshold = 0;
  #zeroCount = 0;
  #zeroCountFloat = 0;
  readonly #positiveSpans: BucketSpan[] = [];
  readonly #positiveDeltas: number[] = [];
  readonly #positiveCounts: number[] = [];
  readonly #negativeSpans: BucketSpan[] = [];
  readonly #negativeDeltas: number[] = [];
  readonly #negativeCounts: number[] = [];

  /** Whether there is a native histogram: an empty one is told from a classic one by a span without buckets. */
  get isNative(): boolean {
    return (
      this.#positiveSpans.length > 0 ||
      this.#negativeSpans.length > 0 ||
      this.#zeroThreshold > 0 ||
      this.#zeroCount > 0 ||
      this.#zeroCountFloat > 0
    );
  }

  /** Reads the field that the reader stands on; whatever is not native is passed over. */
  readField(reader: ProtobufReader, end: number): void {
    switch (reader.field) {
      case 4:
        this.countFloat = reader.double(end);
        break;
      case 5:
        this.#schema = reader.signedZigzag(end);
        break;
      case 6:
        this.#zeroThreshold = reader.double(end);
        break;
      case 7:
        this.#zeroCount = reader.unsigned(end);
        break;
      case 8:
        this.#zeroCountFloat = reader.double(end);
        break;
      case 9:
        this.#negativeSpans.push(readSpan(reader, reader.delimited(end)));
        break;
      case 10:
        reader.repeated(end, this.#negativeDeltas, VARINT, reader.zigzag);
        break;
      case 11:
        reader.repeated(end, this.#negativeCounts, FIXED64, reader.fixed64);
        break;
      case 12:
        this.#positiveSpans.push(readSpan(reader, reader.delimited(end)));
        break;
      case 13:
        reader.repeated(end, this.#positiveDeltas, VARINT, reader.zigzag);
        break;
      case 14:
        reader.repeated(end, this.#positiveCounts, FIXED64, reader.fixed64);
        break;
      default:
        reader.skip(end);
    }
  }

  /** The finished histogram; ExpositionError when its spans and its buckets do not go together. */
  finish(reader: ProtobufReader, count: number, sum: number, type: MetricType): NativeHistogram {
    const isFloat =
      this.countFloat > 0 ||
      this.#zeroCountFloat > 0 ||
      this.#positiveCounts.length + this.#negativeCounts.length > 0;
    const histogram = nativeHistogram({
      schema: this.#schema,
      zeroThreshold: this.#zeroThreshold,
      zeroCount: isFloat ? this.#zeroCountFloat : this.#zeroCount,
      count: isFloat ? this.countFloat : count,
      sum,
      positiveSpans: withoutEmpty(this.#positiveSpans),
      positiveBuckets: isFloat ? this.#positiveCounts : runningSums(this.#positiveDeltas),
      negativeSpans: withoutEmpty(this.#negativeSpans),
      negativeBuckets: isFloat ? this.#negativeCounts : runningSums(this.#negativeDeltas),
      counterResetHint: type === "gaugehistogram" ? "gauge" : "unknown",
      isFloat,
    });
    // A span may announce four thousand million buckets: whoever walks the spans relies on this.
    checkSpans(reader, "positive", histogram.positiveSpans, histogram.positiveBuckets);
    checkSpans(reader, "negative", histogram.negativeSpans, histogram.negativeBuckets);
    return histogram;
  }
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

/** `BucketSpan` { offset = 1 (sint32), length = 2 (uint32) }. */
function readSpan(reader: ProtobufReader, end: number): BucketSpan {
  let offset = 0;
  let length = 0;
  while (reader.next(end)) {
    if (reader.field === 1) offset = reader.signedZigzag(end);
    else if (reader.field === 2) length = reader.unsigned(end);
    else reader.skip(end);
  }
  if (Math.abs(offset) > 0x80000000 || length > 0xffffffff)
    reader.fail(`a span with offset ${offset} and length ${length} is beyond 32 bits`);
  return { offset, length };
}
