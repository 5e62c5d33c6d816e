import { checkFamilies, type ExpositionError, type ExpositionFormat } from "@linklight/exposition";
import type { MetricFamily } from "@linklight/model";
import { namesOf } from "../registry/claims.ts";
import type { LintFinding, LintRule } from "./finding.ts";
import { LineIndex } from "./line-index.ts";
import {
  byMetricAndText,
  type LintOptions,
  type LocatedFinding,
  remarksOf,
} from "./lint-families.ts";

/** What {@link lintExposition} found. */
export interface LintReport {
  /** What makes the exposition wrong, in the order of lines, at most 100. */
  readonly problems: readonly ExpositionError[];
  /** What it could do better, in the order of names, then of texts. */
  readonly findings: readonly LintFinding[];
}

/**
 * Checks an exposition: first whether it is one, then whether people and queries will find in it what they
 * expect. Families that stand apart and series that stand twice are findings in the text formats, which
 * Prometheus reads all the same, and problems in OpenMetrics, which forbids them.
 */
export function lintExposition(
  format: ExpositionFormat,
  input: Uint8Array | string,
  options: LintOptions = {},
): LintReport {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const { families, problems } = checkFamilies(format, bytes);
  const isMild = ({ rule }: ExpositionError): boolean =>
    format.startsWith("text-") && MILD.has(rule);
  const mild = problems.filter(isMild);
  const index = new LineIndex(format, bytes, new Set(mild.map(({ line }) => line)));
  const located = locate(remarksOf(families, options), families, index);
  const ordered = mild.map((problem) => orderFinding(problem, families, index));
  return {
    problems: problems.filter((problem) => !isMild(problem)),
    findings: withoutRepeats([...ordered, ...located]).sort(byMetricAndText),
  };
}

const MILD: ReadonlyMap<
  string,
  { readonly rule: LintRule; readonly says: (problem: string) => string }
> = new Map([
  [
    "interleaved",
    {
      rule: "interleaved",
      says: (problem) => `${problem}; print each family once, all its series together`,
    },
  ],
  ["duplicate-series", { rule: "duplicate", says: (problem) => `metric not unique: ${problem}` }],
]);

/** A problem of the order of lines, as a finding of the family that its line belongs to. */
function orderFinding(
  { rule, problem, line }: ExpositionError,
  families: readonly MetricFamily[],
  index: LineIndex,
): LintFinding {
  const mild = MILD.get(rule);
  const name = index.nameAt(line) ?? "";
  const family = families.find((candidate) => namesOf(candidate).includes(name));
  return {
    metric: family?.name ?? name,
    line,
    rule: mild?.rule ?? "interleaved",
    text: mild?.says(problem) ?? problem,
  };
}

/** Findings with their lines: that of the metric they are about, or that where the family begins. */
function locate(
  findings: readonly LocatedFinding[],
  families: readonly MetricFamily[],
  index: LineIndex,
): LintFinding[] {
  const byName = new Map(families.map((family) => [family.name, family]));
  const wanted = findings.flatMap(({ metric, labels }) => {
    const family = byName.get(metric);
    return family === undefined || labels === undefined ? [] : [{ family, labels }];
  });
  const metricLines = index.metricLines(wanted);
  let next = 0;
  return findings.map(({ metric, rule, text, labels }) => {
    const family = byName.get(metric);
    const metricLine = family && labels && metricLines[next++];
    const line = metricLine ?? (family && index.familyLine(family));
    return { metric, rule, text, ...(line !== undefined && { line }) };
  });
}

/** A series that stands twice is told by the reader, where both have the same timestamp, and by the linter, where not: once is enough. */
function withoutRepeats(findings: readonly LintFinding[]): LintFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ metric, rule }) => {
    if (rule !== "duplicate") return true;
    if (seen.has(metric)) return false;
    seen.add(metric);
    return true;
  });
}
