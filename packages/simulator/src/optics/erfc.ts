/** From here on the continued fraction converges quickly and the series loses digits. */
const SERIES_ENDS = 2;

/**
 * The complementary error function, erfc x = 2/√π · ∫ₓ^∞ e^(−s²) ds, for x ≥ 0, to a relative error of 1e-12.
 *
 *   x < 2   1 − 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1))
 *   x ≥ 2   e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))
 *
 * Abramowitz and Stegun, 7.1.6 and 7.1.14. Error rates are its far tail, so it is not taken from 1.
 */
export function erfc(x: number): number {
  return x < SERIES_ENDS ? 1 - series(x) : continuedFraction(x);
}

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** From the inside out; the steps that are needed fall with the square of x. */
function continuedFraction(x: number): number {
  let below = x;
  for (let k = Math.ceil(8 + 200 / (x * x)); k >= 1; k--) below = x + k / 2 / below;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}
