import type { Budget } from "../eval/budget.ts";
import { QueryError } from "../eval/query-error.ts";

/** A clock costs as much as some samples: it is looked at after this many units of work, well below a millisecond. */
const WORK_PER_LOOK = 8192;
/** Whoever reports work has done something besides: one turn of a loop, about one look at a series. */
const LEAST_WORK = 32;
/** The event loop has its turn after this long, in ms: half of what is promised, since a unit may be a slow one. */
const PATIENCE_MS = 5;

/** What a query may use, and how it lets others go first. */
export interface BudgetLimits {
  readonly maxSamples: number;
  /** The moment at which the query is over, by `now`, in ms. */
  readonly deadlineMs: number;
  readonly now: () => number;
  readonly yieldToEventLoop: () => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

/** The budget of one query. */
export class QueryBudget implements Budget {
  readonly #limits: BudgetLimits;
  #workLeft = WORK_PER_LOOK;
  #since: number;
  #held = 0;
  #peak = 0;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    this.#since = limits.now();
  }

  /** The most samples that were held at a time. */
  get peakSamples(): number {
    return this.#peak;
  }

  spend(work: number): boolean {
    this.#workLeft -= work + LEAST_WORK;
    if (this.#workLeft > 0) return false;
    // Stays due until somebody pauses: who cannot wait just reports its work.
    if (this.#limits.now() - this.#since >= PATIENCE_MS) return true;
    this.#workLeft = WORK_PER_LOOK;
    return false;
  }

  async pause(): Promise<void> {
    this.check();
    await this.#limits.yieldToEventLoop();
    this.check();
    this.#since = this.#limits.now();
    this.#workLeft = WORK_PER_LOOK;
  }

  /** Throws QueryError when the query was cancelled or its time is over. */
  check(): void {
    if (this.#limits.signal?.aborted === true) throw canceled();
    if (this.#limits.now() >= this.#limits.deadlineMs) throw timedOut();
  }

  hold(samples: number): void {
    this.#held += samples;
    if (this.#held > this.#peak) this.#peak = this.#held;
    if (this.#held > this.#limits.maxSamples)
      throw new QueryError(
        "LINKLIGHT_QUERY_TOO_MANY_SAMPLES",
        "execution",
        "query processing would load too many samples into memory in query execution",
      );
  }

  release(samples: number): void {
    this.#held -= samples;
  }
}

export function canceled(): QueryError {
  return new QueryError(
    "LINKLIGHT_QUERY_CANCELED",
    "canceled",
    "query was canceled in expression evaluation",
  );
}

export function timedOut(): QueryError {
  return new QueryError(
    "LINKLIGHT_QUERY_TIMEOUT",
    "timeout",
    "query timed out in expression evaluation",
  );
}
