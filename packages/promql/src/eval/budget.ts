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
