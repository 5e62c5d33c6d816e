import { type Labels, type Matcher, METRIC_NAME } from "@linklight/model";
import { RE2JS } from "re2js";
import { SERIES_WORK } from "../eval/budget.ts";
import type { EvalContext } from "../eval/context.ts";
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

/** What selects the info metrics of these series, those aside that are info metrics; undefined where none can be identified. */
export async function infoMatchers(
  request: InfoRequest,
  series: readonly OperatorSeries[],
  { budget }: Pick<EvalContext, "budget">,
): Promise<readonly Matcher[] | undefined> {
  const values = IDENTIFYING_LABELS.map(() => new Set<string>());
  for (const { labels } of series) {
    if (budget.spend(SERIES_WORK)) await budget.pause();
    if (isInfoMetric(request, labels)) continue;
    for (const [i, label] of IDENTIFYING_LABELS.entries()) values[i]?.add(labels.get(label));
  }
  const matchers: Matcher[] = [];
  for (const [i, label] of IDENTIFYING_LABELS.entries()) {
    const ofLabel = values[i] ?? new Set();
    ofLabel.delete("");
    if (ofLabel.size > 0) matchers.push(await oneOf(label, ofLabel, budget));
  }
  if (matchers.length === 0) return undefined;
  return [...request.nameMatchers, ...matchers, ...request.dataMatchers];
}

/** A matcher for any of some values: as an alternation would be compiled, of which there may be very many here. */
async function oneOf(
  name: string,
  values: ReadonlySet<string>,
  budget: EvalContext["budget"],
): Promise<Matcher> {
  const quoted: string[] = [];
  for (const value of values) {
    quoted.push(RE2JS.quote(value));
    if (budget.spend(SERIES_WORK)) await budget.pause();
  }
  const matches = (text: string): boolean => values.has(text);
  return { name, operator: "=~", value: quoted.join("|"), literals: [...values], matches };
}
