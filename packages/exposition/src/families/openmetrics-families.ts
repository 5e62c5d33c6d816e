import type { Exemplar, Labels, MetricFamily, MetricType } from "@linklight/model";
import { Entry, type EntryKind, ExpositionError, type ExpositionRule } from "../entry-parser.ts";
import { parseLabelNumber } from "../parse/number-parse.ts";
import { OpenMetricsParser } from "../parse/openmetrics-parse.ts";
import { FamilyBuilder, type FamilySample, type SampleRole } from "./family-builder.ts";
import { PointRules, SAMPLE_SUFFIXES, sampleProblem } from "./openmetrics-rules.ts";
import type { ProblemList } from "./problem-list.ts";

/** The family whose lines are being read. */
interface OpenFamily {
  readonly name: string;
  readonly line: number;
  readonly builder: FamilyBuilder;
  /** Keys of the metrics met so far: whoever left one may not come back to it. */
  readonly metrics: Set<string>;
  readonly metadata: Set<EntryKind>;
  type: MetricType;
  help: string;
  unit: string;
  hasSamples: boolean;
  point: OpenPoint | undefined;
}

/** The MetricPoint, one metric at one timestamp, whose samples are being read. */
interface OpenPoint {
  readonly metric: string;
  readonly seconds: number | undefined;
  readonly line: number;
  readonly rules: PointRules;
}

/**
 * The family view of OpenMetrics, as strict as the specification 1.0: metadata once and before the samples,
 * families, metrics and points in one piece, no clashing names, and what each metric type asks for
 * (openmetrics-rules.ts). Counters and infos get the names of the model, with `_total` and `_info`.
 *
 * Not judged: names that begin with an underscore, which the specification keeps for its own later use, and
 * all that it merely recommends. A second sample with the timestamp of the first is dropped, since ever finer
 * timestamps are legal and milliseconds are not.
 */
export class OpenMetricsFamilies {
  readonly #parser: OpenMetricsParser;
  readonly #problems: ProblemList;
  readonly #families: MetricFamily[] = [];
  readonly #familyNames = new Set<string>();
  /** By name of a sample: the family that has, or could have, such samples. */
  readonly #sampleNames = new Map<string, string>();
  #current: OpenFamily | undefined;

  constructor(bytes: Uint8Array, problems: ProblemList) {
    this.#parser = new OpenMetricsParser(bytes, true);
    this.#problems = problems;
  }

  read(): MetricFamily[] {
    let entry: number | undefined;
    do {
      entry = this.#problems.attempt(() => {
        const kind = this.#parser.next();
        if (kind === Entry.SERIES) this.#series();
        else if (kind !== Entry.END) this.#metadata(kind);
        return kind;
      });
    } while (entry !== Entry.END && !this.#problems.isFull);
    this.#close();
    return this.#families;
  }

  #metadata(kind: EntryKind): void {
    const name = this.#parser.metricName();
    const family = this.#current?.name === name ? this.#current : this.#open(name);
    const word = kind === Entry.HELP ? "HELP" : kind === Entry.TYPE ? "TYPE" : "UNIT";
    if (family.metadata.has(kind))
      this.#fail(
        kind === Entry.HELP ? "repeated-help" : kind === Entry.TYPE ? "repeated-type" : "family",
        `second ${word} line for metric family ${name}`,
      );
    if (family.hasSamples)
      this.#fail(
        "late-type",
        `${word} line for metric family ${name} after its samples: it belongs before them`,
      );
    family.metadata.add(kind);
    if (kind === Entry.HELP) family.help = this.#parser.text();
    else if (kind === Entry.TYPE) family.type = this.#parser.metricType();
    else family.unit = this.#parser.text();
  }

  #series(): void {
    const name = this.#parser.metricName();
    let family = this.#current;
    let role = family === undefined ? undefined : roleOf(family, name);
    if (family === undefined || role === undefined) {
      family = this.#open(name);
      role = "value";
    }
    family.hasSamples = true;
    const sample = this.#sample(family, role);
    this.#enterPoint(family, sample);
    this.#judge(sampleProblem(family.type, sample));
    this.#judge(family.point?.rules.add(sample));
    const isNew = family.builder.add(sample);
    if (!isNew && sample.timestamp === undefined)
      this.#fail("duplicate-series", `the series ${this.#parser.labels()} was already given`);
  }

  #sample(family: OpenFamily, role: SampleRole): FamilySample {
    const labels = this.#parser.ownLabels();
    const { value } = this.#parser;
    const timestamp = this.#parser.hasTimestamp ? this.#parser.timestamp : undefined;
    const exemplar: Exemplar | undefined = this.#parser.exemplars()[0];
    const sample = { role, labels, value, timestamp, exemplar };
    if (role === "bucket") return this.#bounded(sample, "le", labels);
    if (role === "quantile") return this.#bounded(sample, "quantile", labels);
    if (role !== "state") return sample;
    const state = labels.get(family.name);
    if (state === "")
      this.#fail(
        "family",
        `a series of the stateset ${family.name} must name its state in a label ${family.name}`,
      );
    return { ...sample, labels: labels.without(family.name), state };
  }

  #bounded(sample: FamilySample, label: "le" | "quantile", labels: Labels): FamilySample {
    const text = labels.get(label);
    const bound = parseLabelNumber(text) ?? Number.NaN;
    const found = text === "" ? "found none" : `found ${JSON.stringify(text)}`;
    if (Number.isNaN(bound)) this.#fail("family", `expected a number in label ${label}, ${found}`);
    if (label === "quantile" && !(bound >= 0 && bound <= 1))
      this.#fail("family", `expected a quantile from 0 to 1, ${found}`);
    if (bound === Number.POSITIVE_INFINITY && text !== "+Inf")
      this.#fail("family", `infinity in label ${label} is written "+Inf", ${found}`);
    return { ...sample, labels: labels.without(label), bound };
  }

  /** Metrics, and points within a metric, must not be interleaved; timestamps must not go back. */
  #enterPoint(family: OpenFamily, sample: FamilySample): void {
    const metric = sample.labels.key;
    const seconds = this.#parser.hasTimestamp ? this.#parser.timestampSeconds : undefined;
    const last = family.point;
    if (last?.metric === metric && last.seconds === seconds) return;
    this.#leavePoint(family);
    family.point = { metric, seconds, line: this.#parser.line, rules: new PointRules(family.type) };
    if (last === undefined || last.metric !== metric) {
      // The labels of an info are those of its metric and of its value, which look the same: two
      // metrics cannot be told from two values of one.
      if (family.metrics.has(metric) && family.type !== "info")
        this.#fail(
          "interleaved",
          `samples of one metric stand apart: others of ${family.name} are between them`,
        );
      family.metrics.add(metric);
    } else {
      this.#judge(timestampProblem(last.seconds, seconds));
    }
  }

  #leavePoint(family: OpenFamily): void {
    const { point } = family;
    family.point = undefined;
    const problem = point?.rules.problem();
    if (point !== undefined && problem !== undefined)
      this.#problems.add(familyError(`${family.name}: ${problem}`, point.line));
  }

  #open(name: string): OpenFamily {
    this.#close();
    const { line } = this.#parser;
    const family: OpenFamily = {
      name,
      line,
      builder: new FamilyBuilder(),
      metrics: new Set(),
      metadata: new Set(),
      type: "unknown",
      help: "",
      unit: "",
      hasSamples: false,
      point: undefined,
    };
    this.#current = family;
    return family;
  }

  #close(): void {
    const family = this.#current;
    this.#current = undefined;
    if (family === undefined) return;
    this.#leavePoint(family);
    const problem = this.#nameProblem(family) ?? unitProblem(family);
    if (problem !== undefined) this.#problems.add(familyError(problem, family.line));
    const { builder, type, help, unit } = family;
    this.#families.push(builder.build(modelName(family), type, help, unit));
  }

  #nameProblem({ name, type }: OpenFamily): string | undefined {
    if (this.#familyNames.has(name))
      return `the metric family ${name} was met before: its lines must stand together`;
    this.#familyNames.add(name);
    for (const suffix of SAMPLE_SUFFIXES[type].keys()) {
      const other = this.#sampleNames.get(name + suffix);
      if (other !== undefined)
        return `the ${type} ${name} clashes with the metric family ${other}: both have samples named ${name}${suffix}`;
      this.#sampleNames.set(name + suffix, name);
    }
    return undefined;
  }

  #judge(problem: string | undefined): void {
    if (problem !== undefined) this.#fail("family", problem);
  }

  #fail(rule: ExpositionRule, problem: string): never {
    throw new ExpositionError(problem, this.#parser.line, 1, { rule });
  }
}

function roleOf({ name, type }: OpenFamily, sampleName: string): SampleRole | undefined {
  return sampleName.startsWith(name)
    ? SAMPLE_SUFFIXES[type].get(sampleName.slice(name.length))
    : undefined;
}

function timestampProblem(last: number | undefined, next: number | undefined): string | undefined {
  if ((last === undefined) !== (next === undefined))
    return "either all samples of a metric have timestamps or none has";
  return last !== undefined && next !== undefined && next < last
    ? `timestamps of a metric must not go back: ${next} comes after ${last}`
    : undefined;
}

function unitProblem({ name, type, unit }: OpenFamily): string | undefined {
  return unit !== "" && (type === "info" || type === "stateset")
    ? `the ${type} ${name} must not have a unit`
    : undefined;
}

function modelName({ name, type }: OpenFamily): string {
  if (type === "counter") return `${name}_total`;
  return type === "info" ? `${name}_info` : name;
}

function familyError(problem: string, line: number): ExpositionError {
  return new ExpositionError(problem, line, 1, { rule: "family" });
}
