import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  warning,
  wrong,
} from "../doctor/check.ts";
import { listOf, recordOf, textIn } from "../doctor/presence.ts";

/** Whether Prometheus has rules, and can evaluate them, in time. */
export const rulesCheck: Check = {
  name: "rules",
  needs: ["prometheus"],
  async run({ prometheus }) {
    const groups = listOf(recordOf(await prometheus.data("rules"))["groups"]).map(groupOf);
    const rules = groups.flatMap(({ rules: each }) => each);
    if (rules.length === 0) return [await noneFinding(prometheus)];
    const failing = rules.filter(({ health }) => health === "err");
    const well = rules.length - failing.length;
    return [
      ...(failing.length === 0 ? [ok(`${rules.length} rules in ${groups.length} groups`)] : []),
      ...(failing.length > 0 && well > 0 ? [info(`${well} of ${rules.length} rules work`)] : []),
      ...failing.map(failingFinding),
      ...groups.flatMap(slowFindings),
    ];
  },
};

interface Rule {
  readonly group: string;
  readonly name: string;
  readonly isAlert: boolean;
  readonly health: string;
  readonly lastError: string;
}

interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly intervalSeconds: number;
  readonly evaluationSeconds: number;
  readonly rules: readonly Rule[];
}

function groupOf(value: unknown): RuleGroup {
  const group = recordOf(value);
  const name = textIn(group, "name") ?? "";
  return {
    name,
    file: textIn(group, "file") ?? "",
    intervalSeconds: Number(group["interval"]),
    evaluationSeconds: Number(group["evaluationTime"]),
    rules: listOf(group["rules"]).map((rule) => ({
      group: name,
      name: textIn(rule, "name") ?? "",
      isAlert: textIn(rule, "type") === "alerting",
      health: textIn(rule, "health") ?? "unknown",
      lastError: textIn(rule, "lastError") ?? "",
    })),
  };
}

async function noneFinding(prometheus: Patient["prometheus"]): Promise<Finding> {
  const config = textIn(await prometheus.data("status/config").catch(() => ({})), "yaml") ?? "";
  // Prometheus writes the key only where the configuration has it.
  const [, patterns] = /^rule_files:\n((?:\s*- .*\n)+)/m.exec(config) ?? [];
  if (patterns === undefined) {
    return info(
      "no rules: nothing is recorded, no alert can fire",
      "name files in rule_files of Prometheus' configuration, if you want alerts",
    );
  }
  const named = patterns
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/^- | - /g, " ")
    .trim();
  return warning(
    `no rules, though rule_files names ${named}`,
    "correct the paths (as Prometheus sees them, in its container), then have it reload",
  );
}

function failingFinding({ name, group, isAlert, lastError }: Rule): Finding {
  const { means, remedy } = explainRuleError(lastError);
  const what = isAlert ? "alert" : "recording rule";
  return wrong(`the ${what} ${name} (group "${group}") cannot be evaluated: ${means}`, remedy);
}

function slowFindings({ name, intervalSeconds, evaluationSeconds }: RuleGroup): Finding[] {
  if (!(evaluationSeconds > intervalSeconds)) return [];
  return [
    warning(
      `the rule group "${name}" takes ${evaluationSeconds.toFixed(1)} s and is due every ${intervalSeconds} s: evaluations are left out`,
      "give the group a longer interval, or make its expressions cheaper by recording rules",
    ),
  ];
}

/** Says in plain words why a rule could not be evaluated; of an error not known here, Prometheus' own words. */
export function explainRuleError(lastError: string): {
  readonly means: string;
  readonly remedy: string;
} {
  const known = RULE_ERRORS.find(([pattern]) => pattern.test(lastError));
  return known === undefined
    ? { means: lastError, remedy: "ask the expression in Prometheus' own query page" }
    : { means: `${known[1]} (${withoutSeries(lastError)})`, remedy: known[2] };
}

/** An error without the list of series in it, which is as long as they are many. */
function withoutSeries(lastError: string): string {
  return lastError.replace(/: \[\{.*\}\](?:;.*)?$/s, "");
}

const RULE_ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /many-to-many matching not allowed|found duplicate series for the match group/,
    "several series on one side of an operator have the same labels for matching",
    "match by more labels with on(…), or aggregate that side first, such as max by (instance, port) (…)",
  ],
  [
    /multiple matches for labels/,
    "one series on one side of an operator matches several on the other",
    "say which side may have several: group_left or group_right",
  ],
  [
    /same labelset/,
    "after the rule's labels are set, two series are the same",
    "keep the labels that tell them apart, or aggregate over them in the expression",
  ],
  [
    /query timed out|context deadline exceeded/,
    "the expression takes too long",
    "shorten its ranges, or record parts of it by rules of their own",
  ],
  [
    /too many samples/,
    "the expression loads more samples than Prometheus allows",
    "select fewer series or a shorter range, or raise --query.max-samples",
  ],
  [
    /template/,
    "a label or annotation has a template that cannot be expanded",
    "correct the template of the rule",
  ],
  [
    /too many alerts|exceeded limit/,
    "it gives more results than the limit of its group",
    "narrow the expression, or raise limit of the group",
  ],
];
