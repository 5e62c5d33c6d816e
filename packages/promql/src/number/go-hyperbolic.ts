import { goExp } from "./go-exp.ts";
import { goLog } from "./go-log.ts";

// The hyperbolic functions as Go has them: Cephes' and FreeBSD's.

// Hart & Cheney, number 2029.
const SINH_ABOVE = [
  -630767.3640497717, -89912.72022039509, -2894.211355989564, -26.30563213397497,
] as const;
const SINH_BELOW = [-630767.3640497717, 15215.17378790019, -173.6789535582337] as const;
// Cephes.
const TANH_ABOVE = [-0.9643991794250523, -99.28772310019185, -1614.6876844170845] as const;
const TANH_BELOW = [112.81167849163293, 2235.4883906010045, 4844.063053251255] as const;
/** Beyond, the hyperbolic tangent is ±1. */
const TANH_LIMIT = 0.5 * 88.02969193111305;

/** The hyperbolic sine with the digits of Go's `math.Sinh`. */
export function goSinh(x: number): number {
  // −0 goes the way of positive numbers, and stays −0.
  return x < 0 ? -sinhOfPositive(-x) : sinhOfPositive(x);
}

function sinhOfPositive(x: number): number {
  if (x > 21) return goExp(x) * 0.5;
  if (x > 0.5) {
    const e = goExp(x);
    return (e - 1 / e) * 0.5;
  }
  const s = x * x;
  const above = (((SINH_ABOVE[3] * s + SINH_ABOVE[2]) * s + SINH_ABOVE[1]) * s + SINH_ABOVE[0]) * x;
  return above / (((s + SINH_BELOW[2]) * s + SINH_BELOW[1]) * s + SINH_BELOW[0]);
}

/** The hyperbolic cosine with the digits of Go's `math.Cosh`. */
export function goCosh(x: number): number {
  const e = goExp(Math.abs(x));
  return Math.abs(x) > 21 ? e * 0.5 : (e + 1 / e) * 0.5;
}

/** The hyperbolic tangent with the digits of Go's `math.Tanh`. */
export function goTanh(x: number): number {
  const size = Math.abs(x);
  if (size > TANH_LIMIT) return x < 0 ? -1 : 1;
  if (size >= 0.625) {
    const y = 1 - 2 / (goExp(2 * size) + 1);
    return x < 0 ? -y : y;
  }
  if (x === 0) return x;
  const s = x * x;
  const above = (TANH_ABOVE[0] * s + TANH_ABOVE[1]) * s + TANH_ABOVE[2];
  const below = ((s + TANH_BELOW[0]) * s + TANH_BELOW[1]) * s + TANH_BELOW[2];
  return x + (x * s * above) / below;
}

const LARGE = 2 ** 28;
const NEAR_ZERO = 2 ** -28;

/** The inverse hyperbolic sine with the digits of Go's `math.Asinh`. */
export function goAsinh(x: number): number {
  if (!Number.isFinite(x)) return x;
  const size = Math.abs(x);
  let y = size;
  if (size > LARGE) y = goLog(size) + Math.LN2;
  else if (size > 2) y = goLog(2 * size + 1 / (Math.sqrt(size * size + 1) + size));
  else if (size >= NEAR_ZERO)
    y = Math.log1p(size + (size * size) / (1 + Math.sqrt(1 + size * size)));
  return x < 0 ? -y : Object.is(x, -0) ? x : y;
}

/** The inverse hyperbolic cosine with the digits of Go's `math.Acosh`. */
export function goAcosh(x: number): number {
  if (!(x >= 1)) return Number.NaN;
  if (x === 1) return 0;
  if (x >= LARGE) return goLog(x) + Math.LN2;
  if (x > 2) return goLog(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return Math.log1p(t + Math.sqrt(2 * t + t * t));
}

/** The inverse hyperbolic tangent with the digits of Go's `math.Atanh`. */
export function goAtanh(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  let y = size;
  if (size === 1) y = Infinity;
  else if (size >= 0.5) y = 0.5 * Math.log1p((size + size) / (1 - size));
  else if (size >= NEAR_ZERO) {
    const twice = size + size;
    y = 0.5 * Math.log1p(twice + (twice * size) / (1 - size));
  }
  return x < 0 ? -y : Object.is(x, -0) ? x : y;
}
