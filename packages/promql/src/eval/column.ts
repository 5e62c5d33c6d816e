import type { NativeHistogram } from "@linklight/model";

/** What a {@link Column} holds at a step. */
export const ABSENT = 0;
export const FLOAT = 1;
export const HISTOGRAM = 2;

/**
 * One series of an instant vector at every step of a query.
 *
 * ```
 * step        0    1    2    3
 * present   [ 1,   0,   1,   2 ]    ABSENT, FLOAT or HISTOGRAM
 * values    [ 7,   ?, NaN,   ? ]    the float; anything where there is none
 * histograms[  ,    ,    ,   H ]    only where the series has any
 * ```
 * NaN is a value like others, so presence stands in a column of its own.
 */
export class Column {
  readonly present: Uint8Array;
  readonly values: Float64Array;
  histograms: (NativeHistogram | undefined)[] | undefined;

  constructor(
    steps: number,
    present: Uint8Array = new Uint8Array(steps),
    values: Float64Array = new Float64Array(steps),
  ) {
    this.present = present;
    this.values = values;
  }

  /** The floats at the steps from `from` to before `to`, in the same memory. */
  floatsBetween(from: number, to: number): Column {
    if (from === 0 && to === this.present.length) return this;
    return new Column(to - from, this.present.subarray(from, to), this.values.subarray(from, to));
  }

  /** Makes every step absent. */
  clear(): void {
    this.present.fill(ABSENT);
    this.histograms = undefined;
  }

  setFloat(k: number, value: number): void {
    this.present[k] = FLOAT;
    this.values[k] = value;
  }

  setHistogram(k: number, histogram: NativeHistogram): void {
    this.present[k] = HISTOGRAM;
    this.histograms ??= [];
    this.histograms[k] = histogram;
  }
}
