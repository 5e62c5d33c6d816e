import { ABSENT, Column, FLOAT } from "../eval/column.ts";
import { type Accumulator, type AccumulatorRemarks, noteHistograms } from "./accumulator.ts";

/**
 * The variance of the population by Welford's method: the mean is carried along, and the squares of the distances
 * from it. A first value that is infinite or NaN makes it NaN.
 * Source: B. P. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products" (1962).
 */
export class VarianceAccumulator implements Accumulator {
  /** First the sums of squares. */
  readonly result: Column;
  readonly #means: Float64Array;
  readonly #counts: Float64Array;
  readonly #remarks: AccumulatorRemarks;

  constructor(steps: number, remarks: AccumulatorRemarks) {
    this.result = new Column(steps);
    this.#means = new Float64Array(steps);
    this.#counts = new Float64Array(steps);
    this.#remarks = remarks;
  }

  add({ present, values, histograms }: Column, from: number, to: number): void {
    const { present: seen, values: squares } = this.result;
    const means = this.#means;
    const counts = this.#counts;
    if (histograms !== undefined) noteHistograms(present.subarray(from, to), this.#remarks);
    for (let k = from; k < to; k++) {
      if (present[k] !== FLOAT) continue;
      const value = values[k] as number;
      if (seen[k] === ABSENT) {
        seen[k] = FLOAT;
        counts[k] = 1;
        means[k] = value;
        squares[k] = Number.isFinite(value) ? 0 : Number.NaN;
        continue;
      }
      const count = (counts[k] as number) + 1;
      const delta = value - (means[k] as number);
      const mean = (means[k] as number) + delta / count;
      counts[k] = count;
      means[k] = mean;
      squares[k] = (squares[k] as number) + delta * (value - mean);
    }
  }

  finish(from: number, to: number): void {
    const { values } = this.result;
    for (let k = from; k < to; k++) values[k] = (values[k] as number) / (this.#counts[k] as number);
  }
}

/** The standard deviation of the population: the root of the variance. */
export class DeviationAccumulator extends VarianceAccumulator {
  override finish(from: number, to: number): void {
    super.finish(from, to);
    const { values } = this.result;
    for (let k = from; k < to; k++) values[k] = Math.sqrt(values[k] as number);
  }
}
