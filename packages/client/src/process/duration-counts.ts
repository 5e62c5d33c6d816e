import type { HistogramValue } from "../family/histogram-family.ts";

/** Counts durations by size: what a {@link HistogramValue} is made from at the scrape. */
export class DurationCounts {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** `bounds` are the upper bounds of the buckets in seconds, ascending, without +Inf. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(seconds: number): void {
    // A dozen bounds at most, and most durations are short: the first that fits is soon found.
    const found = this.#bounds.findIndex((bound) => seconds <= bound);
    const bucket = found < 0 ? this.#bounds.length : found;
    (this.#counts[bucket] as number) += 1;
    this.#sum += seconds;
  }

  get value(): HistogramValue {
    return { counts: this.#counts, sum: this.#sum };
  }
}
