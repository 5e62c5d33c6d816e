import type { MetricType } from "@linklight/model";
import { type ProtobufMetric, readMetric } from "./protobuf-metric.ts";
import { ProtobufReader } from "./protobuf-reader.ts";

// The numbers of enum MetricType.
const TYPES: readonly MetricType[] = [
  "counter",
  "gauge",
  "summary",
  "unknown",
  "histogram",
  "gaugehistogram",
];
const METRIC_FIELD = 4;

/**
 * Steps through delimited messages `io.prometheus.client.MetricFamily` (metrics.proto of
 * github.com/prometheus/client_model), each after its length as a varint, and through their metrics, which
 * are decoded one at a time. Unknown fields are passed over.
 *
 * ```
 * length  name=1 help=2 type=3 unit=5 metric=4 metric=4 …    length  …
 * ```
 * After an error it goes on with the next message, or ends where the length of the message was wrong.
 */
export class ProtobufStream {
  readonly reader: ProtobufReader;
  name = "";
  help = "";
  unit = "";
  type: MetricType = "counter";
  hasMetrics = false;
  /** Where the metric that was read last begins. */
  metricStart = 0;
  #familyEnd = 0;

  constructor(bytes: Uint8Array) {
    this.reader = new ProtobufReader(bytes);
  }

  /** Reads what the next family says of itself, and stays before its metrics; false at the end of the input. */
  nextFamily(): boolean {
    const { reader } = this;
    const total = reader.bytes.length;
    reader.position = this.#familyEnd;
    if (reader.position >= total) return false;
    reader.message++;
    this.#familyEnd = total;
    const end = reader.block(total);
    this.#familyEnd = end;
    const start = reader.position;
    this.name = "";
    this.help = "";
    this.unit = "";
    this.type = "counter";
    this.hasMetrics = false;
    // Fields may come in any order: a first pass leaves out the metrics.
    while (reader.next(end)) this.#familyField(end);
    if (this.name === "") reader.fail("a metric family has no name", start);
    reader.position = start;
    return true;
  }

  /** Decodes the next metric of the family; undefined at its end. */
  nextMetric(): ProtobufMetric | undefined {
    const { reader } = this;
    while (reader.next(this.#familyEnd)) {
      if (reader.field === METRIC_FIELD) {
        const end = reader.delimited(this.#familyEnd);
        this.metricStart = reader.position;
        return readMetric(reader, end, this.type);
      }
      reader.skip(this.#familyEnd);
    }
    return undefined;
  }

  /** Gives up the rest of the current family, after an error in it. */
  leaveFamily(): void {
    this.reader.position = this.#familyEnd;
  }

  #familyField(end: number): void {
    const { reader } = this;
    const at = reader.position;
    if (reader.field === 1) this.name = reader.string(end);
    else if (reader.field === 2) this.help = reader.string(end);
    else if (reader.field === 5) this.unit = reader.string(end);
    else if (reader.field === 3) {
      const number = reader.unsigned(end);
      this.type = TYPES[number] ?? reader.fail(`unknown metric type ${number}`, at);
    } else {
      this.hasMetrics ||= reader.field === METRIC_FIELD;
      reader.skip(end);
    }
  }
}
