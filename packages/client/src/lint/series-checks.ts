import { formatDuration, type MetricFamily } from "@linklight/model";
import type { Remark } from "./finding.ts";

/** `le` and `quantile` belong to histograms and summaries. */
export function* checkReservedLabel({ type, metrics }: MetricFamily): Generator<Remark> {
  if (type === "unknown") return;
  const isHistogram = type === "histogram" || type === "gaugehistogram";
  const reserved = [
    ...(isHistogram ? [] : [["le", "non-histogram"] as const]),
    ...(type === "summary" ? [] : [["quantile", "non-summary"] as const]),
  ];
  for (const { labels } of metrics) {
    for (const [label, who] of reserved) {
      if (!labels.has(label)) continue;
      yield {
        rule: "reserved-label",
        problem: `${who} metrics should not have "${label}" label`,
        remedy: "rename the label: functions and readers give it a meaning of its own",
        labels,
        subject: label,
      };
    }
  }
}

/** One series has one value at a scrape, so it cannot stand twice, not even at two timestamps. */
export function* checkDuplicates({ name, metrics }: MetricFamily): Generator<Remark> {
  const seen = new Set<string>();
  for (const { labels } of metrics) {
    if (seen.has(labels.key)) {
      yield {
        rule: "duplicate",
        problem: "metric not unique",
        remedy: `${name}${labels.size === 0 ? "" : labels.toString()} stands twice; tell the two apart by a label, or drop one`,
        labels,
      };
    }
    seen.add(labels.key);
  }
}

// Prometheus' default lookback delta: an older sample is shown by no instant query.
const STALE_MS = 5 * 60_000;

// Clocks differ by seconds; Prometheus itself refuses what is ten minutes ahead.
const AHEAD_MS = 60_000;

/** An explicit timestamp must be that of just now, if there is one at all. */
export function* checkTimestamps({ metrics }: MetricFamily, now: number): Generator<Remark> {
  for (const { labels, timestamp } of metrics) {
    if (timestamp === undefined) continue;
    const age = now - timestamp;
    if (age > STALE_MS) {
      yield {
        rule: "stale-timestamp",
        problem: `explicit timestamp is ${roughly(age)} old`,
        remedy:
          "leave the timestamp out: Prometheus shows no sample older than 5m, and drops those older than its newest data",
        labels,
      };
    } else if (-age > AHEAD_MS) {
      yield {
        rule: "future-timestamp",
        problem: `explicit timestamp is ${roughly(-age)} in the future`,
        remedy:
          "leave the timestamp out, or set the clock right: Prometheus drops what is more than 10m ahead",
        labels,
      };
    }
  }
}

const ROUGH_UNITS_MS = [365 * 86_400_000, 86_400_000, 3_600_000, 60_000] as const;

/** A duration in whole units of its largest one: `4y`, `17d`, `6m`. */
function roughly(milliseconds: number): string {
  const unit = ROUGH_UNITS_MS.find((size) => milliseconds >= size) ?? 1000;
  const rounded = Math.floor(milliseconds / unit) * unit;
  // Beyond what a duration can say, it is as good as for ever.
  return rounded < 250 * ROUGH_UNITS_MS[0] ? formatDuration(rounded) : "centuries";
}
