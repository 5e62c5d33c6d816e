import { executionError } from "../eval/query-error.ts";
import { formatSixDecimals } from "../number/go-format.ts";
import { KahanSum } from "../number/kahan.ts";
import type { Window, WindowKernel } from "./window.ts";

/** The straight line through a window's samples, by least squares, all sums compensated. */
class LinearRegression {
  slope = 0;
  intercept = 0;
  readonly #x = new KahanSum();
  readonly #y = new KahanSum();
  readonly #xy = new KahanSum();
  readonly #xx = new KahanSum();

  /** `interceptMs`: the time at which the line's value is the intercept. Times are in seconds from there. */
  fit({ timestamps, values, from, to }: Window, interceptMs: number): void {
    const first = values[from] as number;
    let constant = from + 1;
    while (constant < to && values[constant] === first) constant++;
    if (constant === to) {
      const hasLine = Math.abs(first) !== Infinity;
      this.slope = hasLine ? 0 : Number.NaN;
      this.intercept = hasLine ? first : Number.NaN;
      return;
    }
    const [x, y, xy, xx] = [this.#x, this.#y, this.#xy, this.#xx];
    for (const sum of [x, y, xy, xx]) sum.reset();
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      const time = ((timestamps[i] as number) - interceptMs) / 1e3;
      x.add(time);
      y.add(value);
      xy.add(time * value);
      xx.add(time * time);
    }
    const n = to - from;
    const covariance = xy.total - (x.total * y.total) / n;
    const variance = xx.total - (x.total * x.total) / n;
    this.slope = covariance / variance;
    this.intercept = y.total / n - (this.slope * x.total) / n;
  }
}

/** `deriv`: the slope, per second. */
export class Derivative implements WindowKernel {
  readonly #regression = new LinearRegression();

  compute(window: Window): boolean {
    if (window.to - window.from < 2) return false;
    // From the first sample, so that the squares of times stay small.
    this.#regression.fit(window, window.timestamps[window.from] as number);
    window.result = this.#regression.slope;
    return true;
  }
}

/** `predict_linear`: the line's value some seconds after the step. */
export class PredictLinear implements WindowKernel {
  readonly #regression = new LinearRegression();
  /** Seconds, one a step. */
  readonly #ahead: Float64Array;

  constructor(ahead: Float64Array) {
    this.#ahead = ahead;
  }

  compute(window: Window): boolean {
    if (window.to - window.from < 2) return false;
    this.#regression.fit(window, window.timeMs);
    const { slope, intercept } = this.#regression;
    window.result = slope * (this.#ahead[window.step] as number) + intercept;
    return true;
  }
}

/**
 * `double_exponential_smoothing`: level and trend, each smoothed (Holt, 1957). Throws QueryError for a factor outside
 * 0 … 1 where there is a sample.
 */
export class DoubleExponentialSmoothing implements WindowKernel {
  readonly takesHistograms = true;
  readonly #smoothing: Float64Array;
  readonly #trend: Float64Array;

  /** Factors between 0 and 1, one a step. */
  constructor(smoothing: Float64Array, trend: Float64Array) {
    this.#smoothing = smoothing;
    this.#trend = trend;
  }

  compute(window: Window): boolean {
    const { values, from, to, step } = window;
    const smoothing = this.#smoothing[step] as number;
    const trendFactor = this.#trend[step] as number;
    refuseFactor("smoothing factor. Expected: 0 < sf < 1", smoothing);
    refuseFactor("trend factor. Expected: 0 < tf < 1", trendFactor);
    if (to - from < 2) return false;
    let before = 0;
    let level = values[from] as number;
    let trend = (values[from + 1] as number) - level;
    for (let i = from + 1; i < to; i++) {
      const scaled = smoothing * (values[i] as number);
      if (i > from + 1) trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
      before = level;
      level = scaled + (1 - smoothing) * (level + trend);
    }
    window.result = level;
    return true;
  }
}

function refuseFactor(what: string, factor: number): void {
  if (factor <= 0 || factor >= 1)
    throw executionError(`invalid ${what}, got: ${formatSixDecimals(factor)}`);
}
