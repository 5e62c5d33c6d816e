/** How far values may be apart, relatively to their sum. */
const EPSILON = 1e-6;

const SMALLEST_NORMAL = 2 ** -1022;

/**
 * Whether a value is as expected, as Prometheus' tests see it: NaN equals NaN, infinities equal themselves,
 * zero equals next to nothing else, and other values may differ by a millionth of their sum.
 */
export function almostEqual(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < EPSILON * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
}
