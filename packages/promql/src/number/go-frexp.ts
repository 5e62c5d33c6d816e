/** One float and its bits; [1] is the half with sign and exponent on a little-endian machine. */
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;
const LOW = 1 - HIGH;

/** The exponent that {@link fraction} leaves out: x = fraction(x) × 2^exponent(x). 0 for 0, infinities and NaN. */
export function exponent(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  float[0] = x;
  const biased = ((words[HIGH] as number) >>> 20) & 0x7ff;
  if (biased !== 0) return biased - 1022;
  // Subnormal: 54 places up it is not, and no bit is lost.
  float[0] = x * 2 ** 54;
  return (((words[HIGH] as number) >>> 20) & 0x7ff) - 1022 - 54;
}

/** The part of a float that is between 0.5 (inclusive) and 1, with its sign; 0, infinities and NaN as they are. */
export function fraction(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  float[0] = x;
  if ((((words[HIGH] as number) >>> 20) & 0x7ff) === 0) float[0] = x * 2 ** 54;
  words[HIGH] = ((words[HIGH] as number) & 0x800fffff) | 0x3fe00000;
  return float[0] as number;
}

/** 2^e for a normal power, −1022 ≤ e ≤ 1023, exactly. */
function powerOfTwo(e: number): number {
  words[LOW] = 0;
  words[HIGH] = (e + 1023) << 20;
  return float[0] as number;
}

/** x × 2^e, rounded once. */
export function scaleByPowerOfTwo(x: number, e: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  // With the exponent in its place, only the last factor can round.
  const total = exponent(x) + e;
  if (total > 1024) return x < 0 ? -Infinity : Infinity;
  if (total < -1075) return x < 0 ? -0 : 0;
  const f = fraction(x);
  if (total >= -1021) return f * 2 * powerOfTwo(total - 1);
  return f * powerOfTwo(total + 64) * powerOfTwo(-64);
}
