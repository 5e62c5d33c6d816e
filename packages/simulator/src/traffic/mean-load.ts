import { sineOfTurns } from "../seed/sine.ts";

/** How the load of a stream swings over a day and a week around its mean. */
export interface MeanLoadOptions {
  /** Mean over a week, in bytes per second. */
  readonly bytesPerSecond: number;
  /** Swing of the daily wave, as a share of the mean: 0 … 1. */
  readonly dailySwing: number;
  /** Swing of the half-daily wave (the dip at lunch), as a share of the mean. */
  readonly halfDailySwing: number;
  /** When the daily wave is at its height, as a part of the day. */
  readonly peakAt: number;
  /** Load of each day of the week relative to the others, from Monday. */
  readonly weekdays: readonly number[];
}

const DAY = 86_400;

/**
 * The expected volume of a stream as a closed form: what would have been sent since the epoch if the load
 * were its mean at every moment. The epoch is a Monday, 00:00 UTC.
 *
 *   Λ(t) = λ · 86400 · ( w₁ + … + w_{d−1} + w_d · P(x) )        d the day, x the part of it that has passed
 *   P(x) = x + a/2π · (sin 2π(x−φ) + sin 2πφ) + b/4π · (sin 4π(x−φ) + sin 4πφ)
 */
export class MeanLoad {
  readonly #scale: number;
  readonly #options: MeanLoadOptions;
  /** The sum of the factors of the days before each day of the week; the last is that of all. */
  readonly #before: readonly number[];

  constructor(options: MeanLoadOptions) {
    this.#options = options;
    const sum = options.weekdays.reduce((total, factor) => total + factor, 0);
    this.#scale = (options.bytesPerSecond * DAY * options.weekdays.length) / sum;
    let total = 0;
    this.#before = [0, ...options.weekdays.map((factor) => (total += factor))];
  }

  /** The highest load the mean reaches, in bytes per second. */
  get peak(): number {
    const { dailySwing, halfDailySwing, weekdays } = this.#options;
    return ((this.#scale * Math.max(...weekdays)) / DAY) * (1 + dailySwing + halfDailySwing);
  }

  /** Bytes expected from the epoch to a moment in seconds since it; not rounded, never decreasing. */
  bytesUntil(seconds: number): number {
    const days = Math.floor(seconds / DAY);
    const length = this.#options.weekdays.length;
    const weeks = Math.floor(days / length);
    const weekday = days - weeks * length;
    const week = this.#before[length] as number;
    const before = weeks * week + (this.#before[weekday] as number);
    const factor = this.#options.weekdays[weekday] as number;
    return this.#scale * (before + factor * this.#dayPart(seconds / DAY - days));
  }

  /** Which part of a day's volume has passed at a part of the day. */
  #dayPart(x: number): number {
    const { dailySwing, halfDailySwing, peakAt } = this.#options;
    return (
      x +
      (dailySwing / (2 * Math.PI)) * this.#wave(1, x, peakAt) +
      (halfDailySwing / (4 * Math.PI)) * this.#wave(2, x, peakAt)
    );
  }

  /** The integral of the wave from the start of the day, but for a factor of 2π: sin 2πn(x−φ) + sin 2πnφ. */
  #wave(perDay: number, x: number, phase: number): number {
    return sineOfTurns(perDay * (x - phase)) + sineOfTurns(perDay * phase);
  }
}
