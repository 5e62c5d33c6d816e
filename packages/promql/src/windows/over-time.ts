import { KahanSum } from "../number/kahan.ts";
import type { Window, WindowKernel } from "./window.ts";

/** `count_over_time`: floats and histograms alike. */
export const countOverTime: WindowKernel = {
  takesHistograms: true,
  cost: () => 1,
  compute(window) {
    window.result = window.to - window.from + window.histogramCount;
    return window.result > 0;
  },
};

/** `present_over_time`: 1. */
export const presentOverTime: WindowKernel = {
  takesHistograms: true,
  cost: () => 1,
  compute(window) {
    window.result = 1;
    return window.to - window.from + window.histogramCount > 0;
  },
};

/** `last_over_time`: the latest sample, whichever kind it is. */
export const lastOverTime: WindowKernel = {
  takesHistograms: true,
  cost: () => 1,
  compute(window) {
    if (timeOfLastHistogram(window) > timeOfLastFloat(window))
      window.resultHistogram = window.histograms[window.histogramTo - 1];
    else if (window.from === window.to) return false;
    else window.result = window.values[window.to - 1] as number;
    return true;
  },
};

/** `first_over_time`: the earliest sample, whichever kind it is. */
export const firstOverTime: WindowKernel = {
  takesHistograms: true,
  cost: () => 1,
  compute(window) {
    if (timeOfFirstHistogram(window) < timeOfFirstFloat(window))
      window.resultHistogram = window.histograms[window.histogramFrom];
    else if (window.from === window.to) return false;
    else window.result = window.values[window.from] as number;
    return true;
  },
};

/** `ts_of_last_over_time`: the time of the latest sample, in seconds. */
export const timeOfLast: WindowKernel = {
  takesHistograms: true,
  cost: () => 1,
  compute(window) {
    const last = Math.max(timeOfLastFloat(window), timeOfLastHistogram(window));
    // The kind that is missing counts as a sample of 1970, in Prometheus: before that, nothing is later than it.
    const isOfOneKind = window.from === window.to || window.histogramCount === 0;
    window.result = (isOfOneKind ? Math.max(last, 0) : last) / 1000;
    return last > Number.NEGATIVE_INFINITY;
  },
};

/** `ts_of_first_over_time`: the time of the earliest sample, in seconds. */
export const timeOfFirst: WindowKernel = {
  takesHistograms: true,
  cost: () => 1,
  compute(window) {
    window.result = Math.min(timeOfFirstFloat(window), timeOfFirstHistogram(window)) / 1000;
    return window.result < Number.POSITIVE_INFINITY;
  },
};

function timeOfLastFloat({ timestamps, from, to }: Window): number {
  return from < to ? (timestamps[to - 1] as number) : Number.NEGATIVE_INFINITY;
}

function timeOfFirstFloat({ timestamps, from, to }: Window): number {
  return from < to ? (timestamps[from] as number) : Number.POSITIVE_INFINITY;
}

function timeOfLastHistogram({ histogramTimestamps, histogramFrom, histogramTo }: Window): number {
  const time = histogramTo > histogramFrom ? histogramTimestamps[histogramTo - 1] : undefined;
  return time ?? Number.NEGATIVE_INFINITY;
}

function timeOfFirstHistogram({ histogramTimestamps, histogramFrom, histogramTo }: Window): number {
  const time = histogramTo > histogramFrom ? histogramTimestamps[histogramFrom] : undefined;
  return time ?? Number.POSITIVE_INFINITY;
}

/** `sum_over_time`: compensated. */
export const sumOverTime: WindowKernel = {
  compute(window) {
    const { values, from, to } = window;
    if (from === to) return false;
    let sum = 0;
    let lost = 0;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      const total = sum + value;
      // What infinity loses is not a number, and would spoil the result.
      if (total === Infinity || total === -Infinity) lost = 0;
      else if (Math.abs(sum) >= Math.abs(value)) lost += sum - total + value;
      else lost += value - total + sum;
      sum = total;
    }
    window.result = sum === Infinity || sum === -Infinity ? sum : sum + lost;
    return true;
  },
};

/**
 * `avg_over_time`: a compensated sum divided by the count while it is finite; where it would overflow, a mean that
 * is carried along. Prometheus' order of operations in both.
 */
export const averageOverTime: WindowKernel = {
  compute(window) {
    const { values, from, to } = window;
    if (from === to) return false;
    let sum = values[from] as number;
    let lost = 0;
    for (let i = from + 1; i < to; i++) {
      const value = values[i] as number;
      const total = sum + value;
      if (total === Infinity || total === -Infinity) {
        window.result = carriedMean(values, from, i, to, sum, lost);
        return true;
      }
      if (Math.abs(sum) >= Math.abs(value)) lost += sum - total + value;
      else lost += value - total + sum;
      sum = total;
    }
    const count = to - from;
    window.result = sum / count + lost / count;
    return true;
  },
};

function carriedMean(
  values: Float64Array,
  from: number,
  at: number,
  to: number,
  sum: number,
  lost: number,
): number {
  const mean = new KahanSum();
  mean.reset(sum / (at - from), lost / (at - from));
  for (let i = at; i < to; i++) {
    const count = i - from + 1;
    const weight = (count - 1) / count;
    mean.reset(weight * mean.sum, weight * mean.lost);
    mean.add((values[i] as number) / count);
  }
  return mean.total;
}

/** The variance of a window's samples (B. P. Welford, 1962), both of its sums compensated as in {@link sumOverTime}. */
function variance({ values, from, to }: Window): number {
  let mean = 0;
  let meanLost = 0;
  let squares = 0;
  let squaresLost = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const delta = value - (mean + meanLost);
    const share = delta / (i - from + 1);
    const newMean = mean + share;
    if (newMean === Infinity || newMean === -Infinity) meanLost = 0;
    else if (Math.abs(mean) >= Math.abs(share)) meanLost += mean - newMean + share;
    else meanLost += share - newMean + mean;
    mean = newMean;
    const square = delta * (value - (mean + meanLost));
    const newSquares = squares + square;
    if (newSquares === Infinity || newSquares === -Infinity) squaresLost = 0;
    else if (Math.abs(squares) >= Math.abs(square)) squaresLost += squares - newSquares + square;
    else squaresLost += square - newSquares + squares;
    squares = newSquares;
  }
  return (squares + squaresLost) / (to - from);
}

/** `stdvar_over_time`. */
export const varianceOverTime: WindowKernel = {
  cost: (window) => 4 * (window.to - window.from),
  compute(window) {
    if (window.from === window.to) return false;
    window.result = variance(window);
    return true;
  },
};

/** `stddev_over_time`. */
export const deviationOverTime: WindowKernel = {
  cost: (window) => 4 * (window.to - window.from),
  compute(window) {
    if (window.from === window.to) return false;
    window.result = Math.sqrt(variance(window));
    return true;
  },
};
