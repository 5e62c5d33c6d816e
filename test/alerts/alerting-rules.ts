import { readFileSync } from "node:fs";
import { parseDuration } from "@linklight/model";
import { parse } from "yaml";

/** An alerting rule of `deploy/prometheus/rules/alerts.yml`; times in seconds. */
export interface AlertingRule {
  readonly alert: string;
  readonly group: string;
  readonly expr: string;
  readonly interval: number;
  readonly hold: number;
  readonly keep: number;
  readonly severity: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The longest that the alert should take, by its annotation. */
  readonly targetDelay: number;
}

interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly keep_firing_for?: string;
      readonly labels: { readonly severity: string };
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Where the rules are. */
export const ALERTS_FILE: URL = new URL(
  "../../deploy/prometheus/rules/alerts.yml",
  import.meta.url,
);

/** Reads all alerting rules, in their order. */
export function alertingRules(): readonly AlertingRule[] {
  const { groups } = parse(readFileSync(ALERTS_FILE, "utf8")) as RuleFile;
  return groups.flatMap(({ name, interval, rules }) =>
    rules.map(({ alert, expr, for: hold = "0s", keep_firing_for: keep = "0s", ...rest }) => ({
      alert,
      group: name,
      expr,
      interval: secondsOf(interval),
      hold: secondsOf(hold),
      keep: secondsOf(keep),
      severity: rest.labels.severity,
      annotations: rest.annotations,
      targetDelay: secondsOf(rest.annotations["target_delay"] ?? "0s"),
    })),
  );
}

/** The metric families that expressions name. */
export function familiesOf(rules: readonly AlertingRule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(
      ({ expr }) => expr.match(/\b(?:switch|linklight|scrape|prometheus)_[a-z_]+|\bup\b/g) ?? [],
    ),
  );
}

function secondsOf(text: string): number {
  return parseDuration(text) / 1000;
}
