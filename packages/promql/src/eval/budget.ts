/** What it costs to look at the labels of one series, or to change them, in units of work. */
export const SERIES_WORK = 64;

/**
 * What a query may use up: samples in memory, time, and the patience of the event loop.
 *
 * Loops report their work, about one unit a sample or step, and pause when told:
 * ```ts
 * if (budget.spend(column.length)) await budget.pause();
 * ```
 */
export interface Budget {
  /** Counts work done; true when it is time to `pause` (at the latest after 10 ms of work). */
  spend(work: number): boolean;
  /** Lets the event loop turn. Throws QueryError when the query was cancelled or its time is over. */
  pause(): Promise<void>;
  /** Takes memory for samples. Throws QueryError when more would be held at a time than is allowed. */
  hold(samples: number): void;
  /** Gives back what `hold` took. */
  release(samples: number): void;
}

/** Steps of a column that are computed at once: a fraction of a millisecond. Only subqueries have more. */
const STEPS_AT_ONCE = 65_536;

/**
 * Does a work over steps 0 … count − 1 from left to right: at once where they are few, otherwise in turns, with pauses
 * in between. Whoever asked for a column of few steps reports them; many are reported here.
 */
export function inTurns(
  count: number,
  budget: Budget,
  work: (from: number, to: number) => void,
): Promise<void> | undefined {
  if (count > STEPS_AT_ONCE) return allInTurns(count, budget, work);
  work(0, count);
  return undefined;
}

async function allInTurns(
  count: number,
  budget: Budget,
  work: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < count; from += STEPS_AT_ONCE) {
    const to = Math.min(count, from + STEPS_AT_ONCE);
    work(from, to);
    if (budget.spend(to - from)) await budget.pause();
  }
}
