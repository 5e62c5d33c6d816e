import {
  type Labels,
  type Metric,
  type MetricFamily,
  type MetricType,
  nativeHistogramProblem,
} from "@linklight/model";
import { ExpositionError, type ExpositionRule } from "../entry-parser.ts";
import { labelsOf, type ProtobufMetric } from "../parse/protobuf-metric.ts";
import { ProtobufStream } from "../parse/protobuf-stream.ts";
import type { ProblemList } from "./problem-list.ts";

/**
 * The family view of delimited protobuf: each family in one message, each label set once in it, native
 * histograms sound. What is wrong is left out.
 */
export class ProtobufFamilies {
  readonly #stream: ProtobufStream;
  readonly #problems: ProblemList;
  readonly #families: MetricFamily[] = [];
  readonly #names = new Set<string>();

  constructor(bytes: Uint8Array, problems: ProblemList) {
    this.#stream = new ProtobufStream(bytes);
    this.#problems = problems;
  }

  read(): MetricFamily[] {
    let goesOn: boolean | undefined;
    do {
      goesOn = this.#problems.attempt(() => this.#stream.nextFamily());
      if (goesOn === true) this.#family();
    } while (goesOn !== false && !this.#problems.isFull);
    return this.#families;
  }

  #family(): void {
    const { name, type, help, unit } = this.#stream;
    const metrics: Metric[] = [];
    const seen = new Set<string>();
    this.#problems.attempt(() => {
      for (;;) {
        const metric = this.#stream.nextMetric();
        if (metric === undefined || this.#problems.isFull) return;
        this.#problems.attempt(() => {
          metrics.push(this.#metric(metric, seen));
        });
      }
    });
    this.#stream.leaveFamily();
    if (this.#names.has(name))
      this.#problems.attempt(() =>
        this.#fail("interleaved", `second message for metric family ${name}`),
      );
    this.#names.add(name);
    // `metricOf` makes what the type of the family asks for.
    this.#families.push({ name, type, help, unit, metrics } as MetricFamily);
  }

  #metric(metric: ProtobufMetric, seen: Set<string>): Metric {
    const { name, type, reader, metricStart } = this.#stream;
    const labels = labelsOf(reader, metric.labels, metricStart);
    const key = `${labels.key} ${metric.timestamp ?? ""}`;
    if (seen.has(key))
      this.#fail("duplicate-series", `the metric ${name}${labels} was already given`);
    seen.add(key);
    const problem = metric.native && nativeHistogramProblem(metric.native);
    if (problem !== undefined)
      this.#fail("family", `the native histogram ${name}${labels}: ${problem}`);
    return metricOf(metric, labels, type);
  }

  #fail(rule: ExpositionRule, problem: string): never {
    const { reader, metricStart } = this.#stream;
    throw new ExpositionError(problem, reader.message, metricStart, { rule });
  }
}

function metricOf(metric: ProtobufMetric, labels: Labels, type: MetricType): Metric {
  const base = {
    labels,
    ...(metric.timestamp !== undefined && { timestamp: metric.timestamp }),
    ...(metric.createdTimestamp !== undefined && { createdTimestamp: metric.createdTimestamp }),
  };
  if (type === "summary")
    return { ...base, quantiles: metric.quantiles, sum: metric.sum, count: metric.count };
  if (type !== "histogram" && type !== "gaugehistogram")
    return {
      ...base,
      value: metric.value,
      ...(metric.exemplar !== undefined && { exemplar: metric.exemplar }),
    };
  return {
    ...base,
    buckets: completeBuckets(metric),
    sum: metric.sum,
    count: metric.count,
    ...(metric.native !== undefined && { native: metric.native }),
    ...(metric.exemplars.length > 0 && { exemplars: metric.exemplars }),
  };
}

/** The +Inf bucket may be left out in protobuf: it is the count. */
function completeBuckets({ buckets, native, count }: ProtobufMetric): ProtobufMetric["buckets"] {
  if (buckets.length === 0 && native !== undefined) return [];
  const isComplete = buckets.at(-1)?.upperBound === Number.POSITIVE_INFINITY;
  return isComplete
    ? buckets
    : [...buckets, { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: count }];
}
