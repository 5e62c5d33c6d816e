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
  readonly #size: number;
  readonly #quantiles: Float64Array;
  readonly #values: Float64Array;
  readonly #counts: Int32Array;
  readonly #remarks: AccumulatorRemarks;

  constructor(size: number, quantiles: Float64Array, remarks: AccumulatorRemarks) {
    this.#size = size;
    this.#quantiles = quantiles;
    this.#values = new Float64Array(size * quantiles.length);
    this.#counts = new Int32Array(quantiles.length);
    this.#remarks = remarks;
  }

  add({ present, values, histograms }: Column): void {
    if (histograms !== undefined) noteHistograms(present, this.#remarks);
    const counts = this.#counts;
    for (let k = 0; k < present.length; k++) {
      if (present[k] !== FLOAT) continue;
      const count = counts[k] as number;
      this.#values[k * this.#size + count] = values[k] as number;
      counts[k] = count + 1;
    }
  }

  finish(): Column {
    const result = new Column(this.#quantiles.length);
    for (let k = 0; k < result.present.length; k++) {
      const count = this.#counts[k] as number;
      if (count === 0) continue;
      const from = k * this.#size;
      result.setFloat(
        k,
        quantileOf(this.#quantiles[k] as number, this.#values, from, from + count),
      );
    }
    return result;
  }
}
