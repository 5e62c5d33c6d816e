import { type CounterRemarks, startsAnew } from "./extrapolated-rate.ts";
import type { Window, WindowKernel } from "./window.ts";

/** `irate` and `idelta`: the difference of the last two samples; for `irate` by their distance in seconds. */
export class LastTwo implements WindowKernel {
  readonly takesHistograms = true;
  readonly #isRate: boolean;
  readonly #remarks: CounterRemarks;

  constructor(isRate: boolean, remarks: CounterRemarks) {
    this.#isRate = isRate;
    this.#remarks = remarks;
  }

  cost(): number {
    return 2;
  }

  compute(window: Window): boolean {
    const { timestamps, values, startTimestamps, from, to } = window;
    if (to - from < 2) {
      if (to - from + window.histogramCount >= 2 && to > from)
        this.#remarks.mixed(window.metricName);
      return false;
    }
    // A histogram among the last two makes them two kinds.
    if (window.histogramCount > 0 && window.lastHistogramMs > (timestamps[to - 2] as number)) {
      this.#remarks.mixed(window.metricName);
      return false;
    }
    const last = values[to - 1] as number;
    const before = values[to - 2] as number;
    const gap = (timestamps[to - 1] as number) - (timestamps[to - 2] as number);
    if (gap === 0) return false;
    const isReset =
      this.#isRate &&
      (last < before ||
        (startTimestamps !== undefined && startsAnew(timestamps, startTimestamps, to - 1)));
    const difference = isReset ? last : last - before;
    window.result = this.#isRate ? difference / (gap / 1000) : difference;
    return true;
  }
}
