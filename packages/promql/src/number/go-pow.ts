import { goExp } from "./go-exp.ts";
import { exponent, fraction, scaleByPowerOfTwo } from "./go-frexp.ts";
import { goLog } from "./go-log.ts";

/**
 * x^y with the digits of Go's `math.Pow`: the integer part of the exponent by repeated squaring of x's fraction, its
 * exponent counted apart; what is left of the exponent through exp and log.
 *
 * `goPow(1, NaN)` and `goPow(-1, ±Infinity)` are 1, unlike in JavaScript.
 */
export function goPow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === 0) return powerOfZero(x, y);
  if (!Number.isFinite(y)) return x === -1 ? 1 : Math.abs(x) < 1 === y > 0 ? 0 : Infinity;
  if (x === Infinity) return y > 0 ? Infinity : 0;
  if (x === -Infinity) return powerOfZero(-0, -y);
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  return powerOfFinite(x, y);
}

/** (±0)^y for a y that is neither 0 nor NaN. */
function powerOfZero(zero: number, y: number): number {
  const size = y < 0 ? Infinity : 0;
  const isOdd = Number.isInteger(y) && y % 2 !== 0;
  return isOdd && Object.is(zero, -0) ? -size : size;
}

function powerOfFinite(x: number, y: number): number {
  const size = Math.abs(y);
  let whole = Math.trunc(size);
  let rest = size - whole;
  if (rest !== 0 && x < 0) return Number.NaN;
  if (whole >= 2 ** 63) return x === -1 ? 1 : Math.abs(x) < 1 === y > 0 ? 0 : Infinity;
  // The result is product × 2^places.
  let product = 1;
  let places = 0;
  if (rest !== 0) {
    if (rest > 0.5) {
      rest -= 1;
      whole += 1;
    }
    product = goExp(rest * goLog(x));
  }
  let factor = fraction(x);
  let factorPlaces = exponent(x);
  // Whole numbers of up to 63 bits are halved exactly in a float.
  for (let i = whole; i !== 0; i = Math.floor(i / 2)) {
    if (factorPlaces < -4096 || factorPlaces > 4096) {
      // Far over or under already, and the rest only adds to it.
      places += factorPlaces;
      break;
    }
    if (i % 2 === 1) {
      product *= factor;
      places += factorPlaces;
    }
    factor *= factor;
    factorPlaces *= 2;
    if (factor < 0.5) {
      factor += factor;
      factorPlaces -= 1;
    }
  }
  return y < 0 ? scaleByPowerOfTwo(1 / product, -places) : scaleByPowerOfTwo(product, places);
}
