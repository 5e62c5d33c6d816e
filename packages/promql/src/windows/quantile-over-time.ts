import type { Budget } from "../eval/budget.ts";
import { quantileOf } from "../number/select-quantile.ts";
import { SortedWindow } from "./sorted-window.ts";
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

  prepare(window: Window, budget: Budget): Promise<void> {
    return this.#sorted.prepare(window, budget);
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

/** The φ-quantile of the first `count` elements of an ascending array, NaN first, in Prometheus' arithmetic. */
export function quantileOfSorted(quantile: number, sorted: Float64Array, count: number): number {
  if (count === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const rank = quantile * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight;
}

/** `mad_over_time`: the median of the absolute distances from the median; NaN where any sample is. */
export class MedianAbsoluteDeviation implements WindowKernel {
  readonly #sorted = new SortedWindow();

  begin(): void {
    this.#sorted.reset();
  }

  prepare(window: Window, budget: Budget): Promise<void> {
    return this.#sorted.prepare(window, budget);
  }

  cost(window: Window): number {
    return 2 + this.#sorted.work + (window.to - window.from);
  }

  compute(window: Window): boolean {
    const count = window.to - window.from;
    if (count === 0) return false;
    const sorted = this.#sorted.slideTo(window);
    window.result = Number.isNaN(sorted[0]) ? Number.NaN : medianDistance(sorted, count);
    return true;
  }
}

/** The median distance of ascending numbers from their median: of the nearer half, from the middle outwards. */
function medianDistance(sorted: Float64Array, count: number): number {
  const median = quantileOfSorted(0.5, sorted, count);
  // Infinity is at a distance from itself that is none, which comes before all numbers.
  if (!Number.isFinite(median)) return quantileOf(0.5, distances(sorted, count, median), 0, count);
  const rank = 0.5 * (count - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  let right = lower;
  while (right > 0 && (sorted[right - 1] as number) >= median) right--;
  while (right < count && (sorted[right] as number) < median) right++;
  let left = right - 1;
  let before = 0;
  let distance = 0;
  for (let taken = 0; taken <= lower + 1; taken++) {
    const toLeft = left < 0 ? Infinity : Math.abs((sorted[left] as number) - median);
    const toRight = right === count ? Infinity : Math.abs((sorted[right] as number) - median);
    before = distance;
    if (right === count || toLeft < toRight) {
      distance = toLeft;
      left--;
    } else {
      distance = toRight;
      right++;
    }
  }
  // A single distance is both neighbours of its rank.
  return before * (1 - weight) + (lower + 1 < count ? distance : before) * weight;
}

function distances(sorted: Float64Array, count: number, from: number): Float64Array {
  return Float64Array.from(sorted.subarray(0, count), (value) => Math.abs(value - from));
}
