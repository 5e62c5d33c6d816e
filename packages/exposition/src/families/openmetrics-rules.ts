import { EXEMPLAR_MAX_CHARACTERS, type Exemplar, type MetricType } from "@linklight/model";
import type { FamilySample, SampleRole } from "./family-builder.ts";

/** By metric type: the suffixes that the names of its samples bear, and what each stands for. */
export const SAMPLE_SUFFIXES: Readonly<Record<MetricType, ReadonlyMap<string, SampleRole>>> = {
  counter: new Map([
    ["_total", "value"],
    ["_created", "created"],
  ]),
  summary: new Map([
    ["", "quantile"],
    ["_count", "count"],
    ["_sum", "sum"],
    ["_created", "created"],
  ]),
  histogram: new Map([
    ["_bucket", "bucket"],
    ["_count", "count"],
    ["_sum", "sum"],
    ["_created", "created"],
  ]),
  gaugehistogram: new Map([
    ["_bucket", "bucket"],
    ["_gcount", "count"],
    ["_gsum", "sum"],
  ]),
  info: new Map([["_info", "value"]]),
  gauge: new Map([["", "value"]]),
  stateset: new Map([["", "state"]]),
  unknown: new Map([["", "value"]]),
};

/** What the specification forbids in one sample by itself; undefined when it is sound. */
export function sampleProblem(type: MetricType, sample: FamilySample): string | undefined {
  return valueProblem(type, sample) ?? exemplarProblem(type, sample);
}

function valueProblem(type: MetricType, { role, value }: FamilySample): string | undefined {
  if (type === "info" && value !== 1) return `the value of an info must be 1, not ${value}`;
  if (role === "state" && value !== 0 && value !== 1)
    return `the value of a state must be 0 or 1, not ${value}`;
  if (role === "quantile" && value < 0)
    return `the value of a quantile must not be negative: ${value}`;
  if (role === "created" && !Number.isFinite(value))
    return `a created timestamp must be a number of seconds, not ${value}`;
  if (role === "count" || role === "bucket")
    return Number.isInteger(value) && value >= 0
      ? undefined
      : `the ${role === "count" ? "count" : "value of a bucket"} must be a whole number, 0 or more, not ${value}`;
  if (role === "sum" && (Number.isNaN(value) || (value < 0 && type !== "gaugehistogram")))
    return `the sum of a ${type} must not be ${Number.isNaN(value) ? "NaN" : `negative: ${value}`}`;
  if (type === "counter" && role === "value" && !(value >= 0))
    return `the value of a counter must be 0 or more, not ${value}`;
  return undefined;
}

function exemplarProblem(type: MetricType, sample: FamilySample): string | undefined {
  const { exemplar, role } = sample;
  if (exemplar === undefined) return undefined;
  const allowed = role === "bucket" || (type === "counter" && role === "value");
  if (!allowed) return "an exemplar may follow only a bucket or the total of a counter";
  const characters = exemplarCharacters(exemplar);
  if (characters > EXEMPLAR_MAX_CHARACTERS)
    return `the label names and values of an exemplar have ${characters} characters: at most ${EXEMPLAR_MAX_CHARACTERS} are allowed`;
  if (sample.bound !== undefined && exemplar.value > sample.bound)
    return `the exemplar ${exemplar.value} lies outside its bucket, whose upper bound is ${sample.bound}`;
  return undefined;
}

/** Code points in the names and values of an exemplar's labels. */
function exemplarCharacters({ labels }: Exemplar): number {
  let characters = 0;
  for (const [name, value] of labels) {
    for (const _ of name) characters++;
    for (const _ of value) characters++;
  }
  return characters;
}

/**
 * What the specification asks of the samples of one MetricPoint (one metric at one timestamp) together:
 * the total of a counter; the buckets, sum and count of a histogram.
 */
export class PointRules {
  readonly #type: MetricType;
  readonly #given = new Set<SampleRole>();
  #lastBound: number | undefined;
  #lastCount = 0;
  #hasNegativeBuckets = false;
  #sum = 0;
  #count = 0;

  constructor(type: MetricType) {
    this.#type = type;
  }

  /** Adds a sample; tells what is wrong with its place after the ones before it. */
  add({ role, value, bound = Number.NaN }: FamilySample): string | undefined {
    this.#given.add(role);
    if (role === "sum") this.#sum = value;
    if (role === "count") this.#count = value;
    if (role !== "bucket") return undefined;
    const before = this.#lastBound;
    const countBefore = this.#lastCount;
    this.#lastBound = bound;
    this.#lastCount = value;
    if (bound < 0) this.#hasNegativeBuckets = true;
    if (before !== undefined && bound <= before)
      return `the bounds of buckets must ascend: ${bound} comes after ${before}`;
    if (value < countBefore)
      return `buckets are cumulative: le=${bound} counts ${value}, the bucket before it ${countBefore}`;
    return undefined;
  }

  /** What is wrong once all samples are there. */
  problem(): string | undefined {
    if (this.#type === "counter")
      return this.#given.has("value")
        ? undefined
        : "a counter must have a sample with the suffix _total";
    if (this.#type !== "histogram" && this.#type !== "gaugehistogram") return undefined;
    const [sum, count] = this.#type === "histogram" ? ["_sum", "_count"] : ["_gsum", "_gcount"];
    if (this.#lastBound !== Number.POSITIVE_INFINITY)
      return 'a histogram must have a bucket with le="+Inf"';
    if (this.#given.has("sum") !== this.#given.has("count"))
      return this.#given.has("sum")
        ? `${count} must be given, since ${sum} is`
        : `${sum} must be given, since ${count} is`;
    if (this.#given.has("count") && this.#count !== this.#lastCount)
      return `${count} is ${this.#count}, but the bucket with le="+Inf" counts ${this.#lastCount}`;
    if (this.#type === "histogram" && this.#hasNegativeBuckets && this.#given.has("sum"))
      return "a histogram with negative bounds must not have a sum, which would be no counter";
    if (this.#sum < 0 && !this.#hasNegativeBuckets)
      return `${sum} must not be negative where no bound is: ${this.#sum}`;
    return undefined;
  }
}
