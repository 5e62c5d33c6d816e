import type { AlertingRule } from "./alerting-rules.ts";
import type { Room } from "./evaluate.ts";
import { NOT_SIMULATED } from "./meanings.ts";
import type { Score } from "./score.ts";

/** What was measured in a bad week and a calm one. */
export interface Measured {
  readonly rules: readonly AlertingRule[];
  readonly fabric: string;
  /** By alert. */
  readonly bad: ReadonlyMap<string, Score>;
  readonly calm: ReadonlyMap<string, Score>;
  /** How far the calm week was from alerts that have one limit. */
  readonly rooms: ReadonlyMap<string, Room>;
}

/** The page docs/reference/alerts.md: what each alert is for, and how it did. */
export function referencePage({ rules, fabric, bad, calm, rooms }: Measured): string {
  return `# Alerts

The alerting rules of [\`deploy/prometheus/rules/alerts.yml\`](../../deploy/prometheus/rules/alerts.yml), and how they did on
simulated switches in a real Prometheus. This page is made by the test that tries them (\`test/peers/alerts.test.ts\`).

## The rules

| alert | severity | waits for | should come within |
|---|---|---|---|
${rules.map(ruleRow).join("\n")}

Severities: \`critical\` is to be looked at now, \`warning\` today, \`info\` is to be known when one looks at something else.

## How they did

Tried on two weeks of \`${fabric}\`, a sample a minute. In the bad week each [incident](incidents.md) happens five times or more, at
times, places and of strengths drawn by a seed, one after the other over the usual traffic; the strengths are those at which its page says it
is seen. In the calm week nothing happens. Each rule is asked at the interval of its group, and \`for\` and \`keep_firing_for\` are
applied to the answer as Prometheus does.

| column | says |
|---|---|
| n | how many such incidents the alert was due in: not each is strong enough for it, or at a port that it is about |
| recall | in how many of them it fired, at every port and switch where it should |
| delay | minutes from the beginning of the incident to the alert: the median, and the longest |
| precision | of all the times it fired in the bad week, in anything, how many were in an incident that it may fire in, at a place that this incident moves |
| calm | how often it fired in the calm week |

| alert | incident | n | recall | delay | precision | calm |
|---|---|---|---|---|---|---|
${rules.flatMap((rule) => scoreRows(rule, bad.get(rule.alert), calm.get(rule.alert))).join("\n")}

For ${NOT_SIMULATED.map(link).join(", ")} there is no incident: they are about scraping, and tried by \`promtool test rules\` alone, as all the others are too.

## Where the limits are from

Between what calm traffic does and what the weakest of these incidents does. For rules that compare one number:

| alert | fires above | the most in the calm week |
|---|---|---|
${[...rooms].map(([alert, { limit, most }]) => `| ${link(alert)} | ${limit} | ${Number(most.toPrecision(2))} |`).join("\n")}

## What this does not say

- The incidents are those of the simulator: real ones are more varied, and so is real calm. It says that a rule finds what it is for, and what it costs.
- Samples are a minute apart here and five seconds in the stack, where alerts come up to a minute sooner.
- What was written into the past has no staleness markers: the series of a switch that is off go on for five minutes.
- SwitchRebooted cannot know before the switch is back: its delay counts from there.

## Changing one

\`\`\`sh
cd deploy/prometheus/rules && promtool test rules *.test.yml
\`\`\`

says whether the rules still do what their tests expect, and

\`\`\`sh
scripts/peers.sh && npm run build
LINKLIGHT_PEERS=all npx vitest run --project peers test/peers/alerts.test.ts -u
\`\`\`

tries them on both weeks in two or three minutes and writes this page anew. It fails where an alert misses an incident that it is meant for,
comes later than its rule says, is wrong more than once in ten times, or fires in the calm week.
`;
}

function ruleRow({ alert, severity, hold, targetDelay }: AlertingRule): string {
  return `| ${link(alert)} | ${severity} | ${hold === 0 ? "" : minutes(hold)} | ${minutes(targetDelay)} |`;
}

function scoreRows(
  rule: AlertingRule,
  inBad: Score | undefined,
  inCalm: Score | undefined,
): readonly string[] {
  if (inBad === undefined) return [];
  const { fired, right } = inBad;
  return inBad.recalls.map(({ incident, due, caught, delays }, i) => {
    const cells = [
      i === 0 ? link(rule.alert) : "",
      `[${incident}](incidents.md#${incident})`,
      due,
      due === 0 ? "" : `${caught} of ${due}`,
      delays.length === 0 ? "" : `${inMinutes(median(delays))}, ${inMinutes(Math.max(...delays))}`,
      i === 0 ? `${right} of ${fired}` : "",
      i === 0 ? (inCalm?.fired ?? 0) : "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

function link(alert: string): string {
  return `[${alert}](../runbooks/${alert}.md)`;
}

function minutes(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds / 60} min`;
}

function inMinutes(seconds: number): string {
  return seconds < 3600 ? (seconds / 60).toFixed(1) : `${Math.round(seconds / 60)}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
