import { Column, FLOAT } from "../eval/column.ts";
import { quantileOf } from "../number/select-quantile.ts";
import { type Accumulator, type AccumulatorRemarks, noteHistograms } from "./accumulator.ts";

/**
 * The φ-quantile, which may be another one at each step. It needs all values of a step at once:
 *
 * ```
 * values  [ 7, 9, 8, ‑ | 3, 5, ‑, ‑ | … ]    as many places a step as the group has series
 * counts  [ 3          , 2            … ]
 * ```
 */
export class QuantileAccumulator implements Accumulator {
  readonly result: Column;
  readonly #size: number;
  readonly #quantiles: Float64Array;
  readonly #values: Float64Array;
  readonly #counts: Int32Array;
  readonly #remarks: AccumulatorRemarks;

  constructor(size: number, quantiles: Float64Array, remarks: AccumulatorRemarks) {
    this.result = new Column(quantiles.length);
    this.#size = size;
    this.#quantiles = quantiles;
    this.#values = new Float64Array(size * quantiles.length);
    this.#counts = new Int32Array(quantiles.length);
    this.#remarks = remarks;
  }

  add({ present, values, histograms }: Column, from: number, to: number): void {
    if (histograms !== undefined) noteHistograms(present.subarray(from, to), this.#remarks);
    const counts = this.#counts;
    for (let k = from; k < to; k++) {
      if (present[k] !== FLOAT) continue;
      const count = counts[k] as number;
      this.#values[k * this.#size + count] = values[k] as number;
      counts[k] = count + 1;
    }
  }

  finish(from: number, to: number): void {
    for (let k = from; k < to; k++) {
      const count = this.#counts[k] as number;
      if (count === 0) continue;
      const first = k * this.#size;
      const quantile = this.#quantiles[k] as number;
      this.result.setFloat(k, quantileOf(quantile, this.#values, first, first + count));
    }
  }
}
