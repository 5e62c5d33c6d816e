import { ABSENT, Column, FLOAT, HISTOGRAM } from "../eval/column.ts";
import type { Accumulator, AccumulatorRemarks } from "./accumulator.ts";

/**
 * The sum, compensated as Prometheus does it (Kahan's method in Neumaier's form): what each addition loses is
 * summed up beside it. Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
 * Summen", ZAMM 54 (1974).
 */
export class SumAccumulator implements Accumulator {
  /** `present` is a mask of the types seen: FLOAT, HISTOGRAM, or both. */
  readonly result: Column;
  readonly #lost: Float64Array;
  readonly #remarks: AccumulatorRemarks;

  constructor(steps: number, remarks: AccumulatorRemarks) {
    this.result = new Column(steps);
    this.#lost = new Float64Array(steps);
    this.#remarks = remarks;
  }

  add({ present, values }: Column, from: number, to: number): void {
    const { present: seen, values: sums } = this.result;
    const lost = this.#lost;
    for (let k = from; k < to; k++) {
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

  finish(from: number, to: number): void {
    const { present, values } = this.result;
    for (let k = from; k < to; k++) values[k] = (values[k] as number) + (this.#lost[k] as number);
    dropHistograms(present.subarray(from, to), this.#remarks);
  }
}

/**
 * Turns a mask of the types seen into presence: floats count; floats with histograms give nothing, and a remark;
 * sums of histograms come in a later version.
 */
function dropHistograms(seen: Uint8Array, remarks: AccumulatorRemarks): void {
  for (let k = 0; k < seen.length; k++) {
    if ((seen[k] as number) < HISTOGRAM) continue;
    if (seen[k] !== HISTOGRAM) remarks.mixedTypes = true;
    seen[k] = ABSENT;
  }
}

/**
 * The mean: a compensated sum divided by the count, for as long as the sum is finite; where it would overflow, a
 * mean that is carried along, compensated too. Prometheus' order of operations in both.
 */
export class AverageAccumulator implements Accumulator {
  /** Sums, or means where `carriesMean`; `present` is a mask of the types seen. */
  readonly result: Column;
  readonly #lost: Float64Array;
  readonly #counts: Float64Array;
  readonly #carriesMean: Uint8Array;
  readonly #remarks: AccumulatorRemarks;

  constructor(steps: number, remarks: AccumulatorRemarks) {
    this.result = new Column(steps);
    this.#lost = new Float64Array(steps);
    this.#counts = new Float64Array(steps);
    this.#carriesMean = new Uint8Array(steps);
    this.#remarks = remarks;
  }

  add({ present, values }: Column, from: number, to: number): void {
    const { present: seen, values: sums } = this.result;
    const lost = this.#lost;
    const counts = this.#counts;
    for (let k = from; k < to; k++) {
      const type = present[k] as number;
      if (type !== FLOAT) {
        if (type === HISTOGRAM) seen[k] = (seen[k] as number) | HISTOGRAM;
        continue;
      }
      const value = values[k] as number;
      if (seen[k] === ABSENT) {
        seen[k] = FLOAT;
        sums[k] = value;
        counts[k] = 1;
        continue;
      }
      seen[k] = (seen[k] as number) | FLOAT;
      counts[k] = (counts[k] as number) + 1;
      const sum = sums[k] as number;
      const total = sum + value;
      if (this.#carriesMean[k] === 1 || total === Infinity || total === -Infinity) {
        this.#addToMean(k, value);
        continue;
      }
      if (Math.abs(sum) >= Math.abs(value)) lost[k] = (lost[k] as number) + (sum - total + value);
      else lost[k] = (lost[k] as number) + (value - total + sum);
      sums[k] = total;
    }
  }

  finish(from: number, to: number): void {
    const { present, values } = this.result;
    for (let k = from; k < to; k++) {
      const value = values[k] as number;
      const lost = this.#lost[k] as number;
      const count = this.#counts[k] as number;
      values[k] = this.#carriesMean[k] === 1 ? value + lost : value / count + lost / count;
    }
    dropHistograms(present.subarray(from, to), this.#remarks);
  }

  #addToMean(k: number, value: number): void {
    const { values: means } = this.result;
    const lost = this.#lost;
    const count = this.#counts[k] as number;
    if (this.#carriesMean[k] === 0) {
      this.#carriesMean[k] = 1;
      means[k] = (means[k] as number) / (count - 1);
      lost[k] = (lost[k] as number) / (count - 1);
    }
    const weight = (count - 1) / count;
    const mean = weight * (means[k] as number);
    const share = value / count;
    const total = mean + share;
    const before = weight * (lost[k] as number);
    if (total === Infinity || total === -Infinity) lost[k] = 0;
    else if (Math.abs(mean) >= Math.abs(share)) lost[k] = before + (mean - total + share);
    else lost[k] = before + (share - total + mean);
    means[k] = total;
  }
}
