import { ABSENT, Column, FLOAT, HISTOGRAM } from "../eval/column.ts";
import type { Accumulator, AccumulatorRemarks } from "./accumulator.ts";

/**
 * The sum, compensated as Prometheus does it (Kahan's method in Neumaier's form): what each addition loses is
 * summed up beside it. Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
 * Summen", ZAMM 54 (1974).
 */
export class SumAccumulator implements Accumulator {
  /** `present` is a mask of the types seen: FLOAT, HISTOGRAM, or both. */
  readonly #sums: Column;
  readonly #lost: Float64Array;
  readonly #remarks: AccumulatorRemarks;

  constructor(steps: number, remarks: AccumulatorRemarks) {
    this.#sums = new Column(steps);
    this.#lost = new Float64Array(steps);
    this.#remarks = remarks;
  }

  add({ present, values }: Column): void {
    const { present: seen, values: sums } = this.#sums;
    const lost = this.#lost;
    for (let k = 0; k < seen.length; k++) {
      const type = present[k] as number;
      if (type !== FLOAT) {
        if (type === HISTOGRAM) seen[k] = (seen[k] as number) | HISTOGRAM;
        continue;
      }
      const value = values[k] as number;
      if (seen[k] === ABSENT) {
        seen[k] = FLOAT;
        sums[k] = value;
        continue;
      }
      const sum = sums[k] as number;
      const total = sum + value;
      // What infinity loses is not a number, and would spoil the result.
      if (total === Infinity || total === -Infinity) lost[k] = 0;
      else if (Math.abs(sum) >= Math.abs(value))
        lost[k] = (lost[k] as number) + (sum - total + value);
      else lost[k] = (lost[k] as number) + (value - total + sum);
      sums[k] = total;
      seen[k] = (seen[k] as number) | FLOAT;
    }
  }

  finish(): Column {
    const { values } = this.#sums;
    for (let k = 0; k < values.length; k++)
      values[k] = (values[k] as number) + (this.#lost[k] as number);
    dropHistograms(this.#sums.present, this.#remarks);
    return this.#sums;
  }
}

/**
 * Turns a mask of the types seen into presence: floats count; floats with histograms give nothing, and a remark;
 * sums of histograms come in a later version.
 */
export function dropHistograms(seen: Uint8Array, remarks: AccumulatorRemarks): void {
  for (let k = 0; k < seen.length; k++) {
    if ((seen[k] as number) < HISTOGRAM) continue;
    if (seen[k] !== HISTOGRAM) remarks.mixedTypes = true;
    seen[k] = ABSENT;
  }
}
