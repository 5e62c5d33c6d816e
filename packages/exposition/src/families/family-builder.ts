import type {
  Exemplar,
  HistogramBucket,
  HistogramMetric,
  Labels,
  Metric,
  MetricFamily,
  MetricType,
  NumberMetric,
  StateSetMetric,
  SummaryMetric,
} from "@linklight/model";
import { secondsToMilliseconds } from "../parse/seconds.ts";

/** What one series of a text format contributes to a metric. */
export type SampleRole = "value" | "created" | "sum" | "count" | "bucket" | "quantile" | "state";

/** One sample of a family, taken apart: which metric it belongs to, and as what. */
export interface FamilySample {
  readonly role: SampleRole;
  /** Of the metric: without `__name__` and without the label that `le`, `quantile` and `state` stand for. */
  readonly labels: Labels;
  readonly value: number;
  readonly timestamp: number | undefined;
  readonly exemplar?: Exemplar | undefined;
  /** For a bucket its upper bound, for a quantile its rank. */
  readonly bound?: number;
  /** For a state its name. */
  readonly state?: string;
}

interface Draft {
  readonly labels: Labels;
  readonly timestamp: number | undefined;
  /** Buckets, quantiles and states already given; made with the first, since most metrics have none. */
  given: Set<string> | undefined;
  readonly buckets: HistogramBucket[];
  readonly quantiles: { quantile: number; value: number }[];
  readonly states: { state: string; enabled: boolean }[];
  value?: number;
  createdTimestamp?: number;
  sum?: number;
  count?: number;
  exemplar?: Exemplar | undefined;
}

/** Puts the samples of one metric family together to metrics. Samples may come in any order. */
export class FamilyBuilder {
  readonly #drafts = new Map<string, Draft>();

  get isEmpty(): boolean {
    return this.#drafts.size === 0;
  }

  /** Adds a sample; false, and nothing changes, when the same series had one with the same timestamp before. */
  add(sample: FamilySample): boolean {
    const draft = this.#draft(sample.labels, sample.timestamp);
    if (!isFirst(draft, sample)) return false;
    const { value, exemplar } = sample;
    switch (sample.role) {
      case "value":
        draft.value = value;
        draft.exemplar = exemplar;
        break;
      case "created":
        draft.createdTimestamp = secondsToMilliseconds(value);
        break;
      case "sum":
        draft.sum = value;
        break;
      case "count":
        draft.count = value;
        break;
      case "bucket":
        draft.buckets.push({
          upperBound: sample.bound ?? Number.NaN,
          cumulativeCount: value,
          ...(exemplar !== undefined && { exemplar }),
        });
        break;
      case "quantile":
        draft.quantiles.push({ quantile: sample.bound ?? Number.NaN, value });
        break;
      case "state":
        draft.states.push({ state: sample.state ?? "", enabled: value === 1 });
        break;
    }
    return true;
  }

  /** The finished family, metrics in the order in which they were first seen. */
  build(name: string, type: MetricType, help: string, unit: string): MetricFamily {
    const metrics = [...this.#drafts.values()].map((draft) => finish(draft, type));
    // Each branch of `finish` makes what the type of the family asks for.
    return { name, type, help, unit, metrics } as MetricFamily;
  }

  #draft(labels: Labels, timestamp: number | undefined): Draft {
    const key = timestamp === undefined ? labels.key : `${labels.key} ${timestamp}`;
    let draft = this.#drafts.get(key);
    if (draft === undefined) {
      draft = { labels, timestamp, given: undefined, buckets: [], quantiles: [], states: [] };
      this.#drafts.set(key, draft);
    }
    return draft;
  }
}

function isFirst(draft: Draft, { role, bound, state }: FamilySample): boolean {
  switch (role) {
    case "value":
      return draft.value === undefined;
    case "created":
      return draft.createdTimestamp === undefined;
    case "sum":
      return draft.sum === undefined;
    case "count":
      return draft.count === undefined;
    default: {
      const part = state ?? String(bound);
      draft.given ??= new Set();
      const { size } = draft.given;
      return draft.given.add(part).size > size;
    }
  }
}

function finish(draft: Draft, type: MetricType): Metric {
  const base = {
    labels: draft.labels,
    ...(draft.timestamp !== undefined && { timestamp: draft.timestamp }),
    ...(draft.createdTimestamp !== undefined && { createdTimestamp: draft.createdTimestamp }),
  };
  const sumAndCount = {
    ...(draft.sum !== undefined && { sum: draft.sum }),
    ...(draft.count !== undefined && { count: draft.count }),
  };
  switch (type) {
    case "histogram":
    case "gaugehistogram":
      return { ...base, buckets: completeBuckets(draft), ...sumAndCount } satisfies HistogramMetric;
    case "summary":
      return { ...base, quantiles: draft.quantiles, ...sumAndCount } satisfies SummaryMetric;
    case "stateset":
      return { ...base, states: draft.states } satisfies StateSetMetric;
    default:
      return {
        ...base,
        value: draft.value ?? Number.NaN,
        ...(draft.exemplar !== undefined && { exemplar: draft.exemplar }),
      } satisfies NumberMetric;
  }
}

/** The buckets in order of their bounds; the last one, +Inf, is the count where it was left out. */
function completeBuckets({ buckets, count }: Draft): HistogramBucket[] {
  const sorted = buckets.toSorted((a, b) => a.upperBound - b.upperBound);
  const last = sorted.at(-1);
  if (last !== undefined && last.upperBound !== Number.POSITIVE_INFINITY && count !== undefined)
    sorted.push({ upperBound: Number.POSITIVE_INFINITY, cumulativeCount: count });
  return sorted;
}
