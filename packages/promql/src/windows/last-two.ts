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
    const kind = lastTwoOf(window);
    if (kind === "mixed") this.#remarks.mixed(window.metricName);
    // What two histograms differ by belongs to the arithmetic of histograms.
    if (kind !== "floats") return false;
    const { timestamps, values, startTimestamps, to } = window;
    const last = values[to - 1] as number;
    const before = values[to - 2] as number;
    const isReset =
      this.#isRate &&
      (last < before ||
        (startTimestamps !== undefined && startsAnew(timestamps, startTimestamps, to - 1)));
    const difference = isReset ? last : last - before;
    const gap = (timestamps[to - 1] as number) - (timestamps[to - 2] as number);
    window.result = this.#isRate ? difference / (gap / 1000) : difference;
    return true;
  }
}

/** Which kind the last two samples are of; undefined where there are not so many. */
function lastTwoOf(window: Window): "floats" | "histograms" | "mixed" | undefined {
  const { timestamps, from, to, histogramTimestamps, histogramFrom, histogramTo } = window;
  if (histogramTo === histogramFrom) return to - from < 2 ? undefined : "floats";
  if (to === from) return histogramTo - histogramFrom < 2 ? undefined : "histograms";
  const lastHistogram = histogramTimestamps[histogramTo - 1] as number;
  if (to - from > 1 && lastHistogram < (timestamps[to - 2] as number)) return "floats";
  const isSecond = histogramTo - histogramFrom > 1;
  const second = isSecond ? (histogramTimestamps[histogramTo - 2] as number) : -Infinity;
  return second > (timestamps[to - 1] as number) ? "histograms" : "mixed";
}
