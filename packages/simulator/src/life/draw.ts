import { unit } from "../seed/mix.ts";

/** e^−mean has to be a normal number. */
const LARGEST_MEAN = 500;

/**
 * How many of events that come at a mean rate come, by hash: a Poisson variable, by the inverse of its
 * distribution. Takes time in proportion to the number.
 */
export function poisson(mean: number, state: number): number {
  let count = 0;
  let left = mean;
  for (let part = 0; left > 0; part++) {
    count += poissonPart(Math.min(left, LARGEST_MEAN), unit(state, part));
    left -= LARGEST_MEAN;
  }
  return count;
}

function poissonPart(mean: number, u: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  let count = 0;
  // Rounding may keep the sum below 1 for ever.
  while (u >= sum && (term > 0 || count < mean) && count < mean + 60 * Math.sqrt(mean + 1)) {
    count += 1;
    term *= mean / count;
    sum += term;
  }
  return count;
}

/** A time with a mean, by hash: exponentially distributed, but at least a tenth of the mean and at most four times. */
export function repairTime(mean: number, state: number, index: number): number {
  const u = unit(state, index);
  return mean * Math.max(0.1, Math.min(4, -Math.log(1 - u)));
}
