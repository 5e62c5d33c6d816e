import type { Labels, MetricFamily } from "@linklight/model";
import type { Check, LintFinding, LintRule } from "./finding.ts";
import {
  checkColon,
  checkCounterSuffix,
  checkHelp,
  checkReservedSuffix,
  checkSnakeCase,
  checkTypeInName,
  checkUnits,
} from "./name-checks.ts";
import { checkDuplicates, checkReservedLabel, checkTimestamps } from "./series-checks.ts";
import { checkStateSets } from "./state-set-checks.ts";
import { checkValues } from "./value-checks.ts";

/** Options of {@link lintFamilies} and {@link lintExposition}. */
export interface LintOptions {
  /** The clock, in milliseconds since 1970, against which explicit timestamps are judged. */
  readonly now?: () => number;
}

const CHECKS: readonly Check[] = [
  checkHelp,
  checkUnits,
  checkCounterSuffix,
  checkReservedSuffix,
  checkReservedLabel,
  checkTypeInName,
  checkColon,
  checkSnakeCase,
  checkDuplicates,
  checkTimestamps,
  checkStateSets,
  checkValues,
];

/**
 * Judges metric families as promtool's `check metrics` does, and beyond it: in the order of names, then of
 * texts. A family without metrics is not judged. What a check finds in several metrics of a family is one
 * finding, with the number of the others.
 */
export function lintFamilies(
  families: Iterable<MetricFamily>,
  options: LintOptions = {},
): LintFinding[] {
  return remarksOf(families, options).map(({ metric, rule, text }) => ({ metric, rule, text }));
}

/** A finding, and the metric it was first met in. */
export interface LocatedFinding {
  readonly metric: string;
  readonly rule: LintRule;
  readonly text: string;
  readonly labels: Labels | undefined;
}

/** As {@link lintFamilies}, with the labels by which a finding can be found in an exposition. */
export function remarksOf(
  families: Iterable<MetricFamily>,
  { now = Date.now }: LintOptions,
): LocatedFinding[] {
  const time = now();
  const findings: LocatedFinding[] = [];
  for (const family of families)
    if (family.metrics.length > 0) findings.push(...judge(family, time));
  return findings.sort(byMetricAndText);
}

function* judge(family: MetricFamily, now: number): Generator<LocatedFinding> {
  for (const check of CHECKS) {
    const groups = new Map<string, { readonly finding: LocatedFinding; metrics: number }>();
    for (const { rule, problem, remedy, labels, subject } of check(family, now)) {
      // What is said of the family is said once; of its metrics, once for all.
      const key = labels === undefined ? problem : `${rule} ${subject ?? ""}`;
      const group = groups.get(key);
      if (group === undefined) {
        const text = `${problem}: ${remedy}`;
        groups.set(key, { finding: { metric: family.name, rule, text, labels }, metrics: 1 });
      } else {
        group.metrics += 1;
      }
    }
    for (const { finding, metrics } of groups.values()) {
      yield metrics === 1
        ? finding
        : { ...finding, text: `${finding.text} (so in ${metrics} series)` };
    }
  }
}

/** promtool's order: by code units of the name, then of the text. */
export function byMetricAndText(
  a: LocatedFinding | LintFinding,
  b: LocatedFinding | LintFinding,
): number {
  if (a.metric !== b.metric) return a.metric < b.metric ? -1 : 1;
  return a.text === b.text ? 0 : a.text < b.text ? -1 : 1;
}
