// The arc functions as Go has them: Cephes' arctangent, and the others through it.

const ABOVE = [
  -0.8750608600031904, -16.157537187333652, -75.00855792314705, -122.88666844901361,
  -64.85021904942025,
] as const;
const BELOW = [
  24.858464901423062, 165.02700983169885, 432.88106049129027, 485.3903996359137, 194.5506571482614,
] as const;
/** tan(3π/8) */
const TAN_3_EIGHTHS_PI = 2.414213562373095;
/** What π/2 is more than its float. */
const HALF_PI_REST = 6.123233995736766e-17;

/** The arctangent with the digits of Go's `math.Atan`. */
export function goAtan(x: number): number {
  if (x === 0) return x;
  return x < 0 ? -atanOfPositive(-x) : atanOfPositive(x);
}

/** The arcsine with the digits of Go's `math.Asin`. */
export function goAsin(x: number): number {
  if (x === 0) return x;
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  const root = Math.sqrt(1 - size * size);
  const y = size > 0.7 ? Math.PI / 2 - atanOfPositive(root / size) : atanOfPositive(size / root);
  return x < 0 ? -y : y;
}

/** The arccosine with the digits of Go's `math.Acos`: close to 1 it has fewer right ones than it could. */
export function goAcos(x: number): number {
  return Math.PI / 2 - goAsin(x);
}

/** The angle of (x, y) with the digits of Go's `math.Atan2`. */
export function goAtan2(y: number, x: number): number {
  // Zeros, infinities and NaN have the same answers everywhere.
  if (y === 0 || x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.atan2(y, x);
  const angle = goAtan(y / x);
  if (x > 0) return angle;
  return angle <= 0 ? angle + Math.PI : angle - Math.PI;
}

/** Brings the argument down to 0 … 0.66. */
function atanOfPositive(x: number): number {
  if (x <= 0.66) return series(x);
  if (x > TAN_3_EIGHTHS_PI) return Math.PI / 2 - series(1 / x) + HALF_PI_REST;
  return Math.PI / 4 + series((x - 1) / (x + 1)) + 0.5 * HALF_PI_REST;
}

function series(x: number): number {
  const z = x * x;
  const above = (((ABOVE[0] * z + ABOVE[1]) * z + ABOVE[2]) * z + ABOVE[3]) * z + ABOVE[4];
  const below = ((((z + BELOW[0]) * z + BELOW[1]) * z + BELOW[2]) * z + BELOW[3]) * z + BELOW[4];
  return x * ((z * above) / below) + x;
}
