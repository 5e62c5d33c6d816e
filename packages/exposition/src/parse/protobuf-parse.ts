import { Buffer } from "node:buffer";
import {
  type Exemplar,
  isLegacyLabelName,
  isLegacyMetricName,
  type Labels,
  METRIC_NAME,
  type MetricType,
  type NativeHistogram,
} from "@linklight/model";
import { Entry, type EntryKind, type EntryParser } from "../entry-parser.ts";
import { formatOpenMetrics } from "../number.ts";
import { labelsOf, type ProtobufMetric } from "./protobuf-metric.ts";
import { ProtobufStream } from "./protobuf-stream.ts";

/** One series of a metric in text form: what follows the metric name, the label beside its own, the value. */
interface ProtobufLine {
  readonly suffix: string;
  readonly label: "le" | "quantile" | undefined;
  readonly bound: number;
  readonly value: number;
  readonly exemplar: Exemplar | undefined;
}

/**
 * Reads delimited protobuf: messages `io.prometheus.client.MetricFamily`, see {@link ProtobufStream}.
 *
 * For each family that has metrics come HELP, UNIT (when there is one) and TYPE, then its series as in text: a
 * histogram as `_count`, `_sum` and one `_bucket` a bucket, with +Inf added where it is missing. A native
 * histogram comes as HISTOGRAM, followed by its classic series when it has buckets of that kind too.
 */
export class ProtobufParser implements EntryParser {
  bytes: Buffer = Buffer.alloc(256);
  readonly seriesStart = 0;
  seriesEnd = 0;
  value = 0;
  timestamp = 0;
  hasTimestamp = false;

  readonly #stream: ProtobufStream;
  /** Entries that still come before the metrics of the family. */
  #heading: readonly EntryKind[] = [];
  #headingIndex = 0;
  #kind: EntryKind = Entry.END;
  #metric: ProtobufMetric | undefined;
  #lines: readonly ProtobufLine[] = [];
  #lineIndex = 0;

  constructor(bytes: Uint8Array) {
    this.#stream = new ProtobufStream(bytes);
  }

  get line(): number {
    return this.#stream.reader.message;
  }

  next(): EntryKind {
    try {
      this.#kind = this.#advance();
    } catch (error) {
      this.#stream.leaveFamily();
      throw error;
    }
    return this.#kind;
  }

  #advance(): EntryKind {
    for (;;) {
      if (this.#headingIndex < this.#heading.length)
        return this.#heading[this.#headingIndex++] as EntryKind;
      if (this.#lineIndex < this.#lines.length) return this.#series();
      if (this.#nextMetric()) {
        if (this.#metric?.native !== undefined) return this.#histogram();
      } else if (!this.#nextFamily()) {
        return Entry.END;
      }
    }
  }

  #nextFamily(): boolean {
    const stream = this.#stream;
    if (!stream.nextFamily()) return false;
    this.#headingIndex = 0;
    if (!stream.hasMetrics) this.#heading = [];
    else if (stream.unit === "") this.#heading = [Entry.HELP, Entry.TYPE];
    else this.#heading = [Entry.HELP, Entry.UNIT, Entry.TYPE];
    return true;
  }

  #nextMetric(): boolean {
    const metric = this.#stream.nextMetric();
    this.#metric = metric;
    if (metric === undefined) return false;
    this.hasTimestamp = metric.timestamp !== undefined;
    this.timestamp = metric.timestamp ?? 0;
    this.#lines = linesOf(metric, this.#stream.type);
    this.#lineIndex = 0;
    return true;
  }

  #series(): EntryKind {
    const line = this.#lines[this.#lineIndex++] as ProtobufLine;
    this.value = line.value;
    this.#write(line);
    return Entry.SERIES;
  }

  #histogram(): EntryKind {
    this.#write(undefined);
    return Entry.HISTOGRAM;
  }

  /** Renders the series into the scratch area, in the form of text 1.0.0. */
  #write(line: ProtobufLine | undefined): void {
    const name = this.#stream.name + (line?.suffix ?? "");
    const legacy = isLegacyMetricName(name);
    const parts = legacy ? [] : [quote(name)];
    for (const [label, value] of this.#metric?.labels ?? [])
      parts.push(`${isLegacyLabelName(label) ? label : quote(label)}=${quote(value)}`);
    if (line?.label !== undefined) parts.push(`${line.label}="${formatOpenMetrics(line.bound)}"`);
    const text = `${legacy ? name : ""}${parts.length > 0 ? `{${parts.join(",")}}` : ""}`;
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if (this.bytes.length < 3 * text.length) this.bytes = Buffer.alloc(6 * text.length);
    this.seriesEnd = this.bytes.write(text, 0, "utf8");
  }

  labels(): Labels {
    const line = this.#currentLine;
    const pairs: [string, string][] = [
      [METRIC_NAME, this.#stream.name + (line?.suffix ?? "")],
      ...(this.#metric?.labels ?? []),
    ];
    if (line?.label !== undefined) pairs.push([line.label, formatOpenMetrics(line.bound)]);
    return labelsOf(this.#stream.reader, pairs, this.#stream.metricStart);
  }

  exemplars(): readonly Exemplar[] {
    const line = this.#currentLine;
    if (line !== undefined) return line.exemplar === undefined ? [] : [line.exemplar];
    const metric = this.#metric;
    if (this.#kind !== Entry.HISTOGRAM || metric === undefined) return [];
    if (metric.exemplars.length > 0) return metric.exemplars;
    return metric.buckets.flatMap(({ exemplar }) => (exemplar === undefined ? [] : [exemplar]));
  }

  createdTimestamp(): number | undefined {
    return this.#metric?.createdTimestamp;
  }

  histogram(): NativeHistogram {
    const native = this.#kind === Entry.HISTOGRAM ? this.#metric?.native : undefined;
    if (native === undefined)
      throw new TypeError("histogram() was called on an entry that is none");
    return native;
  }

  metricName(): string {
    return this.#stream.name;
  }

  text(): string {
    return this.#kind === Entry.UNIT ? this.#stream.unit : this.#stream.help;
  }

  metricType(): MetricType {
    return this.#stream.type;
  }

  get #currentLine(): ProtobufLine | undefined {
    return this.#kind === Entry.SERIES ? this.#lines[this.#lineIndex - 1] : undefined;
  }
}

function linesOf(metric: ProtobufMetric, type: MetricType): readonly ProtobufLine[] {
  const plain = (suffix: string, value: number, exemplar?: Exemplar): ProtobufLine => ({
    suffix,
    label: undefined,
    bound: Number.NaN,
    value,
    exemplar,
  });
  if (type === "summary") {
    const quantiles = metric.quantiles.map(
      ({ quantile, value }): ProtobufLine => ({
        suffix: "",
        label: "quantile",
        bound: quantile,
        value,
        exemplar: undefined,
      }),
    );
    return [plain("_count", metric.count), plain("_sum", metric.sum), ...quantiles];
  }
  if (type !== "histogram" && type !== "gaugehistogram")
    return [plain("", metric.value, metric.exemplar)];
  if (metric.native !== undefined && metric.buckets.length === 0) return [];
  const buckets = metric.buckets.map(
    ({ upperBound, cumulativeCount, exemplar }): ProtobufLine => ({
      suffix: "_bucket",
      label: "le",
      bound: upperBound,
      value: cumulativeCount,
      exemplar,
    }),
  );
  if (buckets.at(-1)?.bound !== Number.POSITIVE_INFINITY)
    buckets.push({
      suffix: "_bucket",
      label: "le",
      bound: Number.POSITIVE_INFINITY,
      value: metric.count,
      exemplar: undefined,
    });
  return [plain("_count", metric.count), plain("_sum", metric.sum), ...buckets];
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
