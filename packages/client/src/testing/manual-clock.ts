/**
 * A clock that stands still until it is told to go on, for whatever takes a parameter `now`.
 *
 * ```ts
 * const clock = new ManualClock();
 * const summary = new Summary({ name: "…", help: "…", now: clock.now });
 * clock.advance(600_000);
 * ```
 */
export class ManualClock {
  #time: number;

  /** Starts at a time in milliseconds since 1970; 2020-01-01 by default. */
  constructor(start: number = Date.UTC(2020, 0, 1)) {
    this.#time = start;
  }

  /** The time it shows, in milliseconds since 1970. May be passed on without its clock. */
  readonly now = (): number => this.#time;

  /** Goes on by milliseconds, or back by negative ones. */
  advance(milliseconds: number): void {
    this.#time += milliseconds;
  }
}
