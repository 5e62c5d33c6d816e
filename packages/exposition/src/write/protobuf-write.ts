import type { Labels, MetricType } from "@linklight/model";
import { escapeLabelName, escapeMetricName } from "../escape.ts";
import type { Layout } from "../layout.ts";
import type { FamilyTable, SeriesPart } from "../table.ts";
import { Block } from "./block.ts";
import { utf8AsLatin1 } from "./latin1.ts";
import { escapeLabels } from "./prefix.ts";
import {
  encodeHistogram,
  encodeSummary,
  encodeValue,
  valueField,
} from "./protobuf-encode-metric.ts";
import { ProtobufEncoder, varintSize, writeVarint } from "./protobuf-encoder.ts";

/** `MetricType` of metrics.proto: COUNTER = 0, GAUGE, SUMMARY, UNTYPED, HISTOGRAM, GAUGE_HISTOGRAM = 5. */
const TYPE_NUMBERS: Readonly<Record<MetricType, number>> = {
  counter: 0,
  gauge: 1,
  info: 1,
  stateset: 1,
  summary: 2,
  unknown: 3,
  histogram: 4,
  gaugehistogram: 5,
};

// The tag of the repeated field `metric = 4` in MetricFamily.
const METRIC_TAG = 0x22;

// `gauge`, `counter` or `untyped`: a tag, a length, and in it a tag and a double.
const VALUE_BYTES = 11;

// The tag of the field `value = 1` in each of them.
const DOUBLE_TAG = 0x09;

// Metrics that are measured, and their labels rendered, in one call: some milliseconds of work.
const MEASURED_METRICS = 4096;

const NOTHING: Uint8Array = new Uint8Array(0);

/** The metrics of a part. `labels` holds their encoded label pairs, as far as they are rendered. */
interface MetricRun {
  readonly table: FamilyTable;
  readonly type: MetricType;
  readonly part: SeriesPart;
  readonly labels: string[];
  /** How many metrics a series has: one, or of a state set one for each state. */
  readonly perSeries: number;
  /** How many metrics there are. */
  readonly count: number;
  /** Whether each metric is labels and a number, nothing else. */
  readonly isPlain: boolean;
}

/**
 * Writes families as delimited protobuf messages, `MetricFamily` of io.prometheus.client, in blocks as
 * {@link ExpositionWriter} asks for. Before a message stands its length, so a family is measured when
 * its turn comes, some metrics a call; its bytes are only made block by block.
 */
export class ProtobufWriter {
  readonly #tables: Iterator<FamilyTable>;
  readonly #layout: Layout;
  readonly #block: Block;
  readonly #encoder: ProtobufEncoder = new ProtobufEncoder();
  #header = "";
  #runs: MetricRun[] = [];
  /** The next metric of the first run; before that, of the run that is being measured. */
  #metric = 0;
  /** The fields of a family whose length is not known yet, and how many of its runs are measured. */
  #fields: string | undefined;
  #measuredRuns = 0;
  #length = 0;

  constructor(tables: readonly FamilyTable[], layout: Layout, blockSize: number) {
    this.#tables = tables.values();
    this.#layout = layout;
    this.#block = new Block(blockSize);
  }

  /** The next block, empty while a large family is measured, or undefined after the last: in `into`, as {@link ExpositionWriter} says. */
  next(into?: Uint8Array): Uint8Array | undefined {
    this.#block.open(into);
    let left = MEASURED_METRICS;
    do {
      left = this.#measure(left);
      if (this.#fields !== undefined) return this.#block.take() ?? NOTHING;
      if (!this.#writeFamily()) break;
    } while (this.#nextFamily());
    return this.#block.take();
  }

  #nextFamily(): boolean {
    const { done, value } = this.#tables.next();
    if (done === true) return false;
    const table: FamilyTable = value;
    this.#runs = table.parts.map((part) => this.#run(table, part));
    this.#fields = familyFields(table, this.#layout);
    this.#length = this.#fields.length;
    this.#measuredRuns = 0;
    this.#metric = 0;
    return true;
  }

  #run(table: FamilyTable, part: SeriesPart): MetricRun {
    const { type } = table;
    const isPlain =
      !["histogram", "gaugehistogram", "summary"].includes(type) &&
      part.timestamps === undefined &&
      (type !== "counter" ||
        (part.createdTimestamps === undefined && part.exemplars === undefined));
    const perSeries = type === "stateset" ? part.lines.length : 1;
    const states =
      type === "stateset"
        ? `${table.name}\n${part.lines.map(({ value }) => value).join("\n")}`
        : "";
    const key = `${part.commonLabels?.key ?? ""}\n${states}`;
    const labels = part.series.rendering(this.#layout, key, perSeries);
    return { table, type, part, labels, perSeries, count: part.size * perSeries, isPlain };
  }

  /** Measures at most so many metrics of the family, and makes its header after the last; gives how many more it would. */
  #measure(limit: number): number {
    let left = limit;
    while (this.#fields !== undefined) {
      const run = this.#runs[this.#measuredRuns];
      if (run === undefined) {
        this.#header = latin1Varint(this.#length) + this.#fields;
        this.#fields = undefined;
        this.#metric = 0;
        break;
      }
      const end = Math.min(run.count, this.#metric + left);
      left -= end - this.#metric;
      for (; this.#metric < end; this.#metric++) {
        const length = this.#lengthOf(run, this.#metric);
        this.#length += 1 + varintSize(length) + length;
      }
      if (this.#metric < run.count) break;
      this.#measuredRuns += 1;
      this.#metric = 0;
    }
    return left;
  }

  #lengthOf(run: MetricRun, metric: number): number {
    const { table, part, labels, perSeries } = run;
    while (labels.length <= metric)
      renderLabels(table, part, labels.length / perSeries, this.#layout, labels);
    return run.isPlain
      ? (labels[metric] as string).length + VALUE_BYTES
      : this.#encode(run, metric).length;
  }

  #encode({ type, part, labels }: MetricRun, i: number): ProtobufEncoder {
    const encoder = this.#encoder;
    encoder.reset();
    const pairs = labels[i] as string;
    if (type === "summary") encodeSummary(encoder, part, pairs, i);
    else if (type === "histogram" || type === "gaugehistogram")
      encodeHistogram(encoder, part, pairs, i, this.#layout);
    else encodeValue(encoder, type, part, pairs, i, this.#layout);
    return encoder;
  }

  /** Writes what fits of the current family; false when the block is full before its end. */
  #writeFamily(): boolean {
    if (this.#header !== "") {
      if (!this.#block.writeText(this.#header)) return false;
      this.#header = "";
    }
    for (let run = this.#runs[0]; run !== undefined; run = this.#runs[0]) {
      if (!(run.isPlain ? this.#writePlain(run) : this.#writeDetailed(run))) return false;
      this.#runs.shift();
      this.#metric = 0;
    }
    return true;
  }

  #writePlain({ labels, part, count, type }: MetricRun): boolean {
    const block = this.#block;
    const tag = valueField(type) * 8 + 2;
    for (; this.#metric < count; this.#metric++) {
      const pairs = labels[this.#metric] as string;
      const length = pairs.length + VALUE_BYTES;
      if (!block.makeRoom(length + 1 + varintSize(length))) return false;
      const { bytes } = block;
      let { at } = block;
      bytes[at] = METRIC_TAG;
      at = writeVarint(bytes, at + 1, length);
      at += bytes.latin1Write(pairs, at);
      bytes[at] = tag;
      bytes[at + 1] = VALUE_BYTES - 2;
      bytes[at + 2] = DOUBLE_TAG;
      block.view.setFloat64(at + 3, part.values[this.#metric] as number, true);
      block.at = at + VALUE_BYTES;
    }
    return true;
  }

  #writeDetailed(run: MetricRun): boolean {
    const block = this.#block;
    for (; this.#metric < run.count; this.#metric++) {
      const metric = this.#encode(run, this.#metric).bytes;
      if (!block.makeRoom(metric.length + 1 + varintSize(metric.length))) return false;
      block.bytes[block.at] = METRIC_TAG;
      const at = writeVarint(block.bytes, block.at + 1, metric.length);
      block.bytes.set(metric, at);
      block.at = at + metric.length;
    }
    return true;
  }
}

/** The fields of `MetricFamily` besides its metrics: name = 1, help = 2, type = 3, unit = 5. */
function familyFields(table: FamilyTable, { escaping }: Layout): string {
  const name = utf8AsLatin1(escapeMetricName(table.name, escaping));
  const help = utf8AsLatin1(table.help);
  const unit = utf8AsLatin1(table.unit);
  const type = `\x18${latin1Varint(TYPE_NUMBERS[table.type])}`;
  return (
    textField(1, name) +
    (help === "" ? "" : textField(2, help)) +
    type +
    (unit === "" ? "" : textField(5, unit))
  );
}

/** Appends the encoded label pairs of one series: `label = 1` of `Metric`; of a state set once for each state. */
function renderLabels(
  table: FamilyTable,
  part: SeriesPart,
  series: number,
  { escaping }: Layout,
  rendered: string[],
): void {
  const own = part.series.labels[series] as Labels;
  const labels = escapeLabels(part.commonLabels?.merge(own) ?? own, escaping);
  if (table.type !== "stateset") {
    rendered.push(labelPairs(labels));
    return;
  }
  const name = escapeLabelName(escapeMetricName(table.name, escaping), escaping);
  for (const { value } of part.lines) rendered.push(labelPairs(labels.with(name, String(value))));
}

function labelPairs(labels: Labels): string {
  let pairs = "";
  for (let i = 0; i < labels.size; i++) {
    const name = utf8AsLatin1(labels.nameAt(i));
    const value = utf8AsLatin1(labels.valueAt(i));
    pairs += textField(1, textField(1, name) + textField(2, value));
  }
  return pairs;
}

/** A field of strings or messages, as the string of its bytes. */
function textField(field: number, bytes: string): string {
  return String.fromCharCode(field * 8 + 2) + latin1Varint(bytes.length) + bytes;
}

function latin1Varint(value: number): string {
  let bytes = "";
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes += String.fromCharCode((rest % 0x80) | 0x80);
  }
  return bytes + String.fromCharCode(rest);
}
