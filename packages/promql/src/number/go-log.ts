import { exponent, fraction } from "./go-frexp.ts";

// ln 2 in two parts, and the coefficients of FreeBSD's e_log.c, which Go's Log goes by.
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const L1 = 6.66666666666673513e-1;
const L2 = 3.999999999940941908e-1;
const L3 = 2.857142874366239149e-1;
const L4 = 2.222219843214978396e-1;
const L5 = 1.818357216161805012e-1;
const L6 = 1.531383769920937332e-1;
const L7 = 1.479819860510658591e-1;

/** log10 2, which Go multiplies log2 by. */
const LOG10_OF_2 = 0.301029995663981195213738894724493;

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
  return f === 0.5 ? e - 1 : goLog(f) * (1 / Math.LN2) + e;
}

/** The decimal logarithm with the digits of Go's `math.Log10`. */
export function goLog10(x: number): number {
  return goLog2(x) * LOG10_OF_2;
}
