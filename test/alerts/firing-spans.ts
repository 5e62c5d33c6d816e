/** How long an alerting rule waits; all in seconds. */
export interface Patience {
  /** From one evaluation of its group to the next. */
  readonly interval: number;
  /** `for`: how long the expression must have a result before the alert fires. */
  readonly hold: number;
  /** `keep_firing_for`: how long it fires on without one. */
  readonly keep: number;
}

/** From the evaluation at which an alert began to fire to the one at which it did so no more; seconds since 1970. */
export interface FiringSpan {
  readonly from: number;
  /** The end of what is known, where it fired until then. */
  readonly to: number;
}

/**
 * When an alert fired, as Prometheus decides it: a pure function of the evaluations at which the expression had a
 * result for one label set, in their order. The evaluations lie at `start`, `start + interval`, … until `end`.
 *
 * An alert is pending from its first result on, fires at the first evaluation that is `hold` or more after it,
 * and is over at the first without a result that is `keep` or more after the first without one.
 */
export function firingSpans(
  results: readonly number[],
  { interval, hold, keep }: Patience,
  { start, end }: { readonly start: number; readonly end: number },
): readonly FiringSpan[] {
  const has = new Set(results);
  const spans: FiringSpan[] = [];
  let activeSince: number | undefined;
  let firingSince: number | undefined;
  let missingSince: number | undefined;
  // Nothing begins where there is no result, so an alert that is over waits for the next.
  for (let t = start; t <= end; t += interval) {
    if (has.has(t)) {
      missingSince = undefined;
      activeSince ??= t;
    } else if (firingSince !== undefined) {
      missingSince ??= t;
      if (t - missingSince >= keep) {
        spans.push({ from: firingSince, to: t });
        activeSince = firingSince = missingSince = undefined;
      }
    } else activeSince = undefined;
    if (activeSince !== undefined && t - activeSince >= hold) firingSince ??= t;
  }
  if (firingSince !== undefined) spans.push({ from: firingSince, to: end });
  return spans;
}
