import { quantileOf } from "../number/select-quantile.ts";
import { quantileOfSorted, SortedWindow } from "./sorted-window.ts";
import type { Window, WindowKernel } from "./window.ts";

/** `quantile_over_time`: the φ-quantile of a window, between the nearest ranks weighted linearly. */
export class QuantileOverTime implements WindowKernel {
  /** φ, one a step. */
  readonly #quantiles: Float64Array;
  readonly #sorted = new SortedWindow();
  readonly #onInvalid: (quantile: number) => void;
  /** The last φ that was told of. */
  #told = 0;

  /** `onInvalid` is told of a φ that is none, where there is a window to apply it to. */
  constructor(quantiles: Float64Array, onInvalid: (quantile: number) => void) {
    this.#quantiles = quantiles;
    this.#onInvalid = onInvalid;
  }

  begin(): void {
    this.#sorted.reset();
  }

  cost(): number {
    return 2 + this.#sorted.work;
  }

  compute(window: Window): boolean {
    const count = window.to - window.from;
    if (count === 0) return false;
    const quantile = this.#quantiles[window.step] as number;
    if (!(quantile >= 0 && quantile <= 1)) this.#tell(quantile);
    window.result = quantileOfSorted(quantile, this.#sorted.slideTo(window), count);
    return true;
  }

  #tell(quantile: number): void {
    if (Object.is(quantile, this.#told)) return;
    this.#told = quantile;
    this.#onInvalid(quantile);
  }
}

/** `mad_over_time`: the median of the absolute distances from the median; NaN where any sample is. */
export class MedianAbsoluteDeviation implements WindowKernel {
  readonly #sorted = new SortedWindow();
  #distances = new Float64Array(64);

  begin(): void {
    this.#sorted.reset();
  }

  cost(window: Window): number {
    return 2 + this.#sorted.work + 8 * (window.to - window.from);
  }

  compute(window: Window): boolean {
    const count = window.to - window.from;
    if (count === 0) return false;
    const sorted = this.#sorted.slideTo(window);
    if (Number.isNaN(sorted[0])) {
      window.result = Number.NaN;
      return true;
    }
    const median = quantileOfSorted(0.5, sorted, count);
    if (this.#distances.length < count) this.#distances = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) this.#distances[i] = Math.abs((sorted[i] as number) - median);
    window.result = quantileOf(0.5, this.#distances, 0, count);
    return true;
  }
}
