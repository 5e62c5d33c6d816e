import type { RateLimit } from "./load.ts";

/** A token bucket: full at first, one token more each interval, never more than the burst. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  #tokens: number;
  #updated: number;

  /** `now` gives milliseconds that never go back. */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
    this.#tokens = limit.burst;
    this.#updated = now();
  }

  /** Takes a token, or says that there is none. */
  allow(): boolean {
    const { intervalMs, burst } = this.#limit;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#updated) / intervalMs);
    this.#updated = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
