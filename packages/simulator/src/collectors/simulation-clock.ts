/** How fast simulated time may go, at most: a scrape every 15 s then sees 15 minutes go by. */
export const MAX_TIME_SPEED = 60;

/** The clock of a running simulation. */
export interface SimulationClock {
  /** How many seconds of simulated time pass in one real second. */
  readonly speed: number;
  /** The simulated moment that it is now, in seconds since the fabric's epoch. */
  seconds(): number;
}

/** What a {@link simulationClock} is made of. */
export interface SimulationClockOptions {
  /** The fabric's epoch, in seconds since 1970: the instant at which simulated and real time agree. */
  readonly epoch: number;
  /** 1 by default, at most {@link MAX_TIME_SPEED}. */
  readonly speed?: number;
  /** The real time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * A clock that turns real time into simulated time:
 *
 *   seconds = (now − epoch) · speed
 *
 * Both times agree at the epoch and never at the start of a process, so a simulation that is started again
 * goes on where it would have been. Before the epoch it is 0. Throws RangeError for a speed that is not
 * above 0 and at most {@link MAX_TIME_SPEED}.
 */
export function simulationClock(options: SimulationClockOptions): SimulationClock {
  const { epoch, speed = 1, now = Date.now } = options;
  if (!(speed > 0 && speed <= MAX_TIME_SPEED)) {
    throw new RangeError(
      `the speed of time must be above 0 and at most ${MAX_TIME_SPEED}, got ${speed}`,
    );
  }
  return { speed, seconds: () => Math.max(0, (now() / 1000 - epoch) * speed) };
}
