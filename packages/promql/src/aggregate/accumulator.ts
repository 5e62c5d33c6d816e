import { ABSENT, Column, FLOAT, HISTOGRAM } from "../eval/column.ts";

/** What an accumulator has to say about the samples it met. */
export interface AccumulatorRemarks {
  /** A sample was a histogram, which the aggregation does not take. */
  ignoredHistogram: boolean;
  /** Floats and histograms met in one group at one step, which then has no result. */
  mixedTypes: boolean;
}

/**
 * One group of an aggregation, at all steps at once. Series are added one after the other in their order, so that
 * the sums come out with Prometheus' digits, and no step costs an allocation.
 */
export interface Accumulator {
  /** Adds the samples of the steps from `from` to before `to`: very many steps are added in turns. */
  add(column: Column, from: number, to: number): void;
  /** Completes the result at such steps. Nothing is added afterwards. */
  finish(from: number, to: number): void;
  /** The result, when all steps are finished. The accumulator's own. */
  readonly result: Column;
}

/** How many series have a sample. */
export class CountAccumulator implements Accumulator {
  readonly result: Column;

  constructor(steps: number) {
    this.result = new Column(steps);
  }

  add({ present }: Column, from: number, to: number): void {
    const { present: seen, values } = this.result;
    for (let k = from; k < to; k++) {
      if (present[k] === ABSENT) continue;
      seen[k] = FLOAT;
      values[k] = (values[k] as number) + 1;
    }
  }

  finish(): void {}
}

/** 1 where any series has a sample. */
export class GroupAccumulator implements Accumulator {
  readonly result: Column;

  constructor(steps: number) {
    this.result = new Column(steps);
    this.result.values.fill(1);
  }

  add({ present }: Column, from: number, to: number): void {
    const { present: seen } = this.result;
    for (let k = from; k < to; k++) if (present[k] !== ABSENT) seen[k] = FLOAT;
  }

  finish(): void {}
}

/**
 * The smallest (or, negated, the greatest) value; NaN only where there is no other. Negation is exact, so that one
 * loop serves both.
 */
class ExtremeAccumulator implements Accumulator {
  readonly result: Column;
  readonly #sign: number;
  readonly #remarks: AccumulatorRemarks;

  constructor(steps: number, remarks: AccumulatorRemarks, sign: 1 | -1) {
    this.result = new Column(steps);
    this.#remarks = remarks;
    this.#sign = sign;
  }

  add({ present, values, histograms }: Column, from: number, to: number): void {
    const { present: seen, values: extremes } = this.result;
    const sign = this.#sign;
    if (histograms !== undefined) noteHistograms(present.subarray(from, to), this.#remarks);
    for (let k = from; k < to; k++) {
      if (present[k] !== FLOAT) continue;
      const value = sign * (values[k] as number);
      const extreme = extremes[k] as number;
      if (seen[k] === ABSENT || extreme > value || Number.isNaN(extreme)) {
        seen[k] = FLOAT;
        extremes[k] = value;
      }
    }
  }

  finish(from: number, to: number): void {
    const { values } = this.result;
    if (this.#sign === -1) for (let k = from; k < to; k++) values[k] = -(values[k] as number);
  }
}

/** The smallest value. */
export class MinAccumulator extends ExtremeAccumulator {
  constructor(steps: number, remarks: AccumulatorRemarks) {
    super(steps, remarks, 1);
  }
}

/** The greatest value. */
export class MaxAccumulator extends ExtremeAccumulator {
  constructor(steps: number, remarks: AccumulatorRemarks) {
    super(steps, remarks, -1);
  }
}

/** Notes that there are histograms among the samples. */
export function noteHistograms(present: Uint8Array, remarks: AccumulatorRemarks): void {
  if (remarks.ignoredHistogram) return;
  for (let k = 0; k < present.length; k++)
    if (present[k] === HISTOGRAM) {
      remarks.ignoredHistogram = true;
      return;
    }
}
