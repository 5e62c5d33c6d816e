import { scaleByPowerOfTwo } from "./go-frexp.ts";

/**
 * a × b + c, rounded once, for numbers far from the limits of floats. Source: S. Boldo, G. Melquiond, "Emulation of
 * FMA and correctly rounded sums" (2008): the exact product and the exact sums, of which what is left over is
 * rounded to odd, so that the last addition rounds as the whole would.
 */
function multiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const productRest = restOfProduct(a, b, product);
  const low = c + productRest;
  const lowRest = restOfSum(c, productRest, low);
  const high = product + low;
  const highRest = restOfSum(product, low, high);
  const left = lowRest + highRest;
  const sum = high + left;
  // Only where the sum is half way between two floats does it matter what was lost in `left`.
  const away = 2 * (left - (sum - high));
  if (away === 0 || sum + away - sum !== away) return sum;
  return high + roundedToOdd(left, restOfSum(lowRest, highRest, left));
}

/** What was rounded away in `sum` = a + b (Knuth). */
function restOfSum(a: number, b: number, sum: number): number {
  const ofB = sum - a;
  return a - (sum - ofB) + (b - ofB);
}

/** 2^27 + 1: multiplying by it splits a float into halves of 26 bits (Veltkamp). */
const SPLITTER = 134_217_729;

/** What was rounded away in `product` = a × b (Dekker). */
function restOfProduct(a: number, b: number, product: number): number {
  const a1 = SPLITTER * a;
  const aHigh = a1 - (a1 - a);
  const aLow = a - aHigh;
  const b1 = SPLITTER * b;
  const bHigh = b1 - (b1 - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;
const LOW = 1 - HIGH;

/** A rounded sum with its rest: where the rest is not zero, of the two neighbours the one with an odd last bit. */
function roundedToOdd(sum: number, rest: number): number {
  if (rest === 0) return sum;
  float[0] = sum;
  const low = words[LOW] as number;
  if ((low & 1) === 1) return sum;
  if (rest > 0 === sum > 0) {
    words[LOW] = low + 1;
  } else {
    words[LOW] = low - 1;
    if (low === 0) words[HIGH] = (words[HIGH] as number) - 1;
  }
  return float[0] as number;
}

// ln 2 in two parts, of which products with small whole numbers lose little.
const LN2_HIGH = 0.693147180559663;
const LN2_LOW = 2.8235290563031577e-13;
/** Above, e^x is no float. */
const OVERFLOW = 7.09782712893384e2;
/** Below, e^x is 0. */
const UNDERFLOW = -746;

/** 1/9!, 1/8! … 1/2!, 1: the last one first. */
const TAYLOR = [
  2.48015873015873e-5, 1.984126984126984e-4, 1.388888888888889e-3, 8.333333333333333e-3,
  4.1666666666666664e-2, 1.6666666666666666e-1, 0.5, 1,
] as const;

/**
 * e^x with the digits of Go's `math.Exp` on amd64 with fused multiplication, which all its processors of the last ten
 * years have: x less a multiple of ln 2, a sixteenth of that by Taylor's series, squared four times. Source:
 * N. Shibata, "Efficient evaluation methods of elementary functions suitable for SIMD computation" (2010).
 */
export function goExp(x: number): number {
  if (Number.isNaN(x) || x > OVERFLOW) return x > 0 ? Infinity : x;
  if (x < UNDERFLOW) return 0;
  const k = roundHalfToEven(x * Math.LOG2E);
  // Go's code takes the last half power of two before the limit for too much, too.
  if (k > 1023) return Infinity;
  const rest = multiplyAdd(-k, LN2_LOW, multiplyAdd(-k, LN2_HIGH, x)) * 0.0625;
  let sum = TAYLOR[0] as number;
  for (let i = 1; i < TAYLOR.length; i++) sum = multiplyAdd(rest, sum, TAYLOR[i] as number);
  // e^x − 1 is squared: (1 + y)² − 1 = y (y + 2).
  let y = rest * sum;
  y *= y + 2;
  y *= y + 2;
  y *= y + 2;
  return scaleByPowerOfTwo(multiplyAdd(y + 2, y, 1), k);
}

/** 1.5 × 2^52: a small number added to it keeps no fraction. */
const NO_FRACTION = 6_755_399_441_055_744;

function roundHalfToEven(x: number): number {
  return x + NO_FRACTION - NO_FRACTION;
}
