import { type Labels, type Matcher, METRIC_NAME } from "@linklight/model";
import { RE2JS } from "re2js";
import type { OperatorSeries } from "../eval/operator.ts";
import { createMatcher } from "../matcher/label-matcher.ts";

/** The labels by which series and info metrics find each other. */
export const IDENTIFYING_LABELS = ["instance", "job"] as const;

/** What `info(v, {…})` asks for. */
export interface InfoRequest {
  /** Which metrics are info metrics: their names must fulfil all. */
  readonly nameMatchers: readonly Matcher[];
  /** Which of their labels are wanted, and with which values; all labels where there is none. */
  readonly dataMatchers: readonly Matcher[];
}

const TARGET_INFO = createMatcher(METRIC_NAME, "=", "target_info");
const ANY_INFO = createMatcher(METRIC_NAME, "=~", ".+_info");

/**
 * Takes the selector of `info` apart. Info metrics are those that it names; if it only says which are none, all others
 * whose names end as theirs do; and without a word about names `target_info`.
 */
export function readRequest(matchers: readonly Matcher[]): InfoRequest {
  const named = matchers.filter(({ name }) => name === METRIC_NAME);
  const dataMatchers = matchers.filter(({ name }) => name !== METRIC_NAME);
  if (named.length === 0) return { nameMatchers: [TARGET_INFO], dataMatchers };
  const isPositive = named.some(({ operator }) => operator === "=" || operator === "=~");
  return { nameMatchers: isPositive ? named : [ANY_INFO, ...named], dataMatchers };
}

/** Whether a series is itself an info metric, which gets no labels of others. */
export function isInfoMetric({ nameMatchers }: InfoRequest, labels: Labels): boolean {
  const name = labels.get(METRIC_NAME);
  return nameMatchers.every((matcher) => matcher.matches(name));
}

/** Whether a label of an info metric is wanted. */
export function isWanted({ dataMatchers }: InfoRequest, label: string): boolean {
  if (label === METRIC_NAME) return false;
  return dataMatchers.length === 0 || dataMatchers.some(({ name }) => name === label);
}

/** Whether series without info metrics have what is asked for: nothing, that is. */
export function acceptsNone({ dataMatchers }: InfoRequest): boolean {
  return dataMatchers.every((matcher) => matcher.matches(""));
}

/** What selects the info metrics of these series; undefined where no series can be identified. */
export function infoMatchers(
  request: InfoRequest,
  series: readonly OperatorSeries[],
): readonly Matcher[] | undefined {
  const matchers: Matcher[] = [];
  for (const label of IDENTIFYING_LABELS) {
    const values = new Set(series.map(({ labels }) => labels.get(label)));
    values.delete("");
    if (values.size > 0)
      matchers.push(createMatcher(label, "=~", [...values].map(RE2JS.quote).join("|")));
  }
  if (matchers.length === 0) return undefined;
  return [...request.nameMatchers, ...matchers, ...request.dataMatchers];
}
