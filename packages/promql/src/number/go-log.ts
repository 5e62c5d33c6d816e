import { exponent, fraction } from "./go-frexp.ts";

// ln 2 in two parts, and the coefficients of FreeBSD's e_log.c, which Go's Log goes by.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605106586;

/** The natural logarithm with the digits of Go's `math.Log` on amd64. */
export function goLog(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return Number.NaN;
  if (x === Infinity) return x;
  let k = exponent(x);
  let f = fraction(x);
  if (k < -1021) {
    // Go's code for amd64 reads a subnormal as if it had the hidden leading bit.
    f = 0.5 + x * 2 ** 1021;
    k = -1022;
  }
  if (f <= Math.SQRT1_2) {
    k -= 1;
    f *= 2;
  }
  f -= 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const odd = s2 * (L1 + s4 * (L3 + s4 * (L5 + s4 * L7)));
  const even = s4 * (L2 + s4 * (L4 + s4 * L6));
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + (odd + even)) + k * LN2_LOW) - f);
}

/** The binary logarithm with the digits of Go's `math.Log2`: exact for powers of two. */
export function goLog2(x: number): number {
  const f = fraction(x);
  const e = exponent(x);
  return f === 0.5 ? e - 1 : goLog(f) * Math.LOG2E + e;
}

/** The decimal logarithm with the digits of Go's `math.Log10`. */
export function goLog10(x: number): number {
  return goLog(x) * Math.LOG10E;
}
