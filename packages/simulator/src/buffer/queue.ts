/**
 * The queue in front of a port as M/M/1/K: bursts of one size arrive at random, at most K of them fit.
 * Closed forms (Kleinrock, Queueing Systems 1, §3.6), with ρ the offered load as a share of the line rate:
 *
 *   loss    L = (1−ρ)ρᴷ / (1−ρᴷ⁺¹)                 1/(K+1) at ρ = 1; towards 1 − 1/ρ far above it
 *   tail    P(Q > n) = (ρⁿ⁺¹ − ρᴷ⁺¹) / (1−ρᴷ⁺¹)
 *
 * The dynamic threshold (Choudhury and Hahne, 1998) gives a queue α times what is free; with n queues full
 * at once each gets T = αB / (1+αn) of a buffer of B bytes, so that together they never fill it.
 */

/** How many bytes each of `full` queues may hold. */
export function thresholdBytes(bufferBytes: number, alpha: number, full: number): number {
  return (alpha * bufferBytes) / (1 + alpha * full);
}

/** The share of the offered bytes that finds the queue full. `places` is K, a whole number from 1. */
export function lossRatio(load: number, places: number): number {
  if (load <= 0) return 0;
  if (Math.abs(load - 1) < 1e-9) return 1 / (places + 1);
  if (load > 1) {
    // Divided by ρᴷ⁺¹, which would overflow.
    const inverse = integerPower(1 / load, places + 1);
    return (1 - 1 / load) / (1 - inverse);
  }
  const power = integerPower(load, places);
  return ((1 - load) * power) / (1 - power * load);
}

/** The share of time in which more than `places` of `all` places are taken. */
export function tailRatio(load: number, places: number, all: number): number {
  if (load <= 0 || places >= all) return 0;
  if (Math.abs(load - 1) < 1e-9) return (all - places) / (all + 1);
  if (load > 1) {
    const inverse = 1 / load;
    const rest = integerPower(inverse, all - places);
    return (1 - rest) / (1 - integerPower(inverse, all + 1));
  }
  const power = integerPower(load, all + 1);
  return (integerPower(load, places + 1) - power) / (1 - power);
}

/**
 * How many places are taken at a moment of which `chance` (0 … 1, uniform) says how unlucky it is: the
 * inverse of the distribution. Between 0 and `all`.
 */
export function placesTaken(load: number, all: number, chance: number): number {
  if (load <= 0) return 0;
  if (Math.abs(load - 1) < 1e-9) return chance * all;
  if (load > 1) {
    // The same formula in ρ⁻¹ from the other end: how many places are free.
    return all - placesTaken(1 / load, all, 1 - chance);
  }
  const share = 1 - chance * (1 - integerPower(load, all + 1));
  return Math.min(all, Math.max(0, Math.log(share) / Math.log(load) - 1));
}

/** The whole part of {@link placesTaken}; at most moments nothing waits, which is known without logarithms. */
export function burstsWaiting(load: number, all: number, chance: number): number {
  // Less than one is taken where 1 − chance·(1−ρᴷ⁺¹) exceeds ρ²; the margin is for what rounding may do.
  if (load < 1 && 1 - chance > load * load * (1 + 1e-9)) return 0;
  return Math.floor(placesTaken(load, all, chance));
}

/** x to a whole power from 0, by squaring: the same digits on every machine, unlike `**` and `Math.pow`. */
export function integerPower(x: number, power: number): number {
  let result = 1;
  let square = x;
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
