import type { AlertingRule } from "./alerting-rules.ts";
import { firingSpans } from "./firing-spans.ts";
import type { FiredAlert } from "./score.ts";

/** A span of time; seconds since 1970. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Prometheus gives at most 11,000 samples of a series at once. */
const MOST_SAMPLES = 10_000;

/**
 * When an alert would have fired in the past: its expression is asked of a Prometheus at the interval of its group,
 * and its patience applied to the answer. Rejects with what Prometheus answers instead.
 */
export async function evaluate(
  url: string,
  rule: AlertingRule,
  { start, end }: Span,
): Promise<FiredAlert[]> {
  const series = new Map<string, { labels: Record<string, string>; times: number[] }>();
  const chunk = MOST_SAMPLES * rule.interval;
  for (let from = start; from <= end; from += chunk) {
    const to = Math.min(end, from + chunk - rule.interval);
    for (const { metric, values } of await queryRange(url, rule, { start: from, end: to })) {
      const { __name__: _, ...labels } = metric;
      const key = JSON.stringify(Object.entries(labels).sort());
      const known = series.get(key) ?? { labels, times: [] };
      series.set(key, known);
      for (const [time] of values) known.times.push(time);
    }
  }
  return [...series.values()].flatMap(({ labels, times }) =>
    firingSpans(times, rule, { start, end }).map((span) => ({ labels, ...span })),
  );
}

/** How far from an alert a span was: the limit of its rule, and the most that was seen of what is compared with it. */
export interface Room {
  readonly limit: number;
  readonly most: number;
}

/** A rule that is one comparison with a number. */
const ONE_LIMIT = /^(?<what>(?:(?! and | or | unless )[^<>])*) > (?<limit>[\d.e-]+)$/s;

/** What a rule leaves to a span, for one that compares with a number and nothing else; looked at each five minutes. */
export async function roomOf(
  url: string,
  { expr }: AlertingRule,
  span: Span,
): Promise<Room | undefined> {
  const { what, limit } = ONE_LIMIT.exec(expr)?.groups ?? {};
  if (what === undefined) return undefined;
  const series = await queryRange(url, { expr: `max(${what})`, interval: 300 }, span);
  const values = series.flatMap((each) => each.values.map(([, value]) => Number(value)));
  const most = values.filter((value) => !Number.isNaN(value)).reduce((a, b) => Math.max(a, b), 0);
  return { limit: Number(limit), most };
}

interface RangeSeries {
  readonly metric: Record<string, string>;
  readonly values: readonly (readonly [number, string])[];
}

async function queryRange(
  url: string,
  { expr, interval }: Pick<AlertingRule, "expr" | "interval">,
  { start, end }: Span,
): Promise<readonly RangeSeries[]> {
  const body = new URLSearchParams({
    query: expr,
    start: `${start}`,
    end: `${end}`,
    step: `${interval}`,
    timeout: "5m",
  });
  const answer = (await (
    await fetch(`${url}/api/v1/query_range`, { method: "POST", body })
  ).json()) as {
    readonly data?: { readonly result: readonly RangeSeries[] };
    readonly error?: string;
  };
  if (answer.data === undefined) throw new Error(`${expr}: ${answer.error}`);
  return answer.data.result;
}
