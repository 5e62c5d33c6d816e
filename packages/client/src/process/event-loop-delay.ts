import { DurationCounts } from "./duration-counts.ts";

/** Upper bounds in seconds: from what a timer's own rounding makes up to what a user takes for a crash. */
export const DELAY_BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

// After a laptop slept for a night nobody wants to hear of each timer it missed.
const MOST_MISSED = 1000;

/** The clock and timers of an {@link EventLoopDelay}, for tests. */
export interface DelayClock {
  /** Milliseconds from any origin, never going back. */
  readonly now: () => number;
  readonly setTimeout: (run: () => void, ms: number) => { unref?(): unknown };
  readonly clearTimeout: (timer: unknown) => void;
}

const REAL_CLOCK: DelayClock = {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * Measures how late the event loop is: a timer each `resolutionMs`, and how long after its time it runs.
 *
 * Timers that were due while the loop was held up count as well: after a stall of 1 s at a resolution of
 * 100 ms, ten of them were 1.0, 0.9 … 0.1 s late. So the counts tell what share of all moments would have
 * had to wait how long, and a long stall weighs more than a short one. The timer keeps no program alive.
 */
export class EventLoopDelay {
  readonly counts: DurationCounts = new DurationCounts(DELAY_BOUNDS);
  readonly #resolutionMs: number;
  readonly #clock: DelayClock;
  #timer: unknown;
  #due = 0;

  constructor(resolutionMs: number, clock: DelayClock = REAL_CLOCK) {
    this.#resolutionMs = resolutionMs;
    this.#clock = clock;
    this.#arm();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#due = this.#clock.now() + this.#resolutionMs;
    const timer = this.#clock.setTimeout(() => this.#tick(), this.#resolutionMs);
    timer.unref?.();
    this.#timer = timer;
  }

  #tick(): void {
    // Timers keep whole milliseconds and may run a fraction too early.
    let late = Math.max(0, this.#clock.now() - this.#due);
    for (let i = 0; i < MOST_MISSED && (i === 0 || late > 0); i++) {
      this.counts.add(late / 1000);
      late -= this.#resolutionMs;
    }
    this.#arm();
  }
}
