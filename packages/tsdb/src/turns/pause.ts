import { setImmediate } from "node:timers/promises";

/** Work is interrupted after this long, so that a scrape or a query waits no longer: in ms. */
const PATIENCE_MS = 5;
/** Looking at the clock costs as much as a little work. */
const CALLS_PER_LOOK = 16;

/** Keeps long jobs (replay, compaction, checkpoint) from stalling the process: they ask it between small steps. */
export class Pause {
  readonly #now: () => number;
  #since: number;
  #calls = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Whether others should have their turn. */
  isDue(): boolean {
    if (++this.#calls % CALLS_PER_LOOK !== 0) return false;
    return this.isDueNow();
  }

  /** The same for steps beside which looking at the clock costs nothing. */
  isDueNow(): boolean {
    return this.#now() - this.#since >= PATIENCE_MS;
  }

  /** Lets the event loop turn. */
  async take(): Promise<void> {
    await setImmediate();
    this.#since = this.#now();
  }
}
