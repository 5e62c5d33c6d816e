import type { Labels, MetricFamily } from "@linklight/model";

/**
 * Which check a {@link LintFinding} comes from. The first ten are promtool's; the others are found here
 * only.
 *
 * | rule | finds |
 * |---|---|
 * | `help` | a family without help text |
 * | `base-unit` | milliseconds, kilobytes, … in a name |
 * | `counter-suffix` | `_total` missing on a counter, or on anything else |
 * | `reserved-suffix` | `_bucket`, `_sum`, `_count` on what is no histogram or summary |
 * | `reserved-label` | `le`, `quantile` likewise |
 * | `type-in-name` | `_gauge`, `_counter`, … in a name |
 * | `colon` | a name as of a recording rule |
 * | `snake-case` | camelCase in a metric or label name |
 * | `unit-abbreviation` | `_ms`, `_kb`, … in a name |
 * | `duplicate` | a series that stands twice |
 * | `interleaved` | a family whose lines stand apart |
 * | `partial-state-set` | a state set that does not show all its states |
 * | `state-set-value` | a state set with a value other than 0 and 1, or with no or several states on |
 * | `stale-timestamp`, `future-timestamp` | an explicit timestamp that Prometheus does not show, or drops |
 * | `histogram-buckets` | buckets that do not add up |
 * | `impossible-value` | a negative counter or count, an info other than 1, a quantile beyond 0 … 1 |
 */
export type LintRule =
  | "help"
  | "base-unit"
  | "counter-suffix"
  | "reserved-suffix"
  | "reserved-label"
  | "type-in-name"
  | "colon"
  | "snake-case"
  | "unit-abbreviation"
  | "duplicate"
  | "interleaved"
  | "partial-state-set"
  | "state-set-value"
  | "stale-timestamp"
  | "future-timestamp"
  | "histogram-buckets"
  | "impossible-value";

/** Something that a reader accepts, and that misleads people or queries all the same. */
export interface LintFinding {
  /** The name of the metric family. */
  readonly metric: string;
  /** Where it stands, from 1; left out where families have no lines. */
  readonly line?: number;
  /** What is wrong and, behind a colon, how to mend it. Where promtool has the check, it begins with promtool's words. */
  readonly text: string;
  readonly rule: LintRule;
}

/** What a check says of one family. */
export interface Remark {
  readonly rule: LintRule;
  /** What is wrong: promtool's words where it has the check. */
  readonly problem: string;
  readonly remedy: string;
  /** The metric it is about, where it is about one; that of the family otherwise. */
  readonly labels?: Labels;
  /** What of the metric: remarks of one rule on one subject become one finding. */
  readonly subject?: string;
}

/** Looks at one family; `now` is the time of the scrape in milliseconds since 1970. */
export type Check = (family: MetricFamily, now: number) => Iterable<Remark>;
