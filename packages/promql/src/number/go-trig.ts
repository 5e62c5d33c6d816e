import { exponent } from "./go-frexp.ts";

// The sine, cosine and tangent of Stephen L. Moshier's Cephes library, which Go's are: JavaScript engines use
// other ones, which differ in the last digits, and by much more close to the zeros of these functions.

const SIN = [
  1.5896230157654656e-10, -2.5050747762857807e-8, 2.7557313621385722e-6, -0.0001984126982958954,
  0.008333333333322118, -0.1666666666666663,
] as const;
const COS = [
  -1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7, 2.4801587288851704e-5,
  -0.0013888888888873056, 0.041666666666666595,
] as const;
const TAN_ABOVE = [-13093.693918138379, 1153516.6483858742, -17956525.197648488] as const;
const TAN_BELOW = [
  13681.296347069296, -1320892.3444021097, 25008380.18233579, -53869575.592945464,
] as const;

// π/4 in three parts, of which the first two have so few bits that products with counts of octants are exact.
const QUARTER_PI_A = 0.7853981256484985;
const QUARTER_PI_B = 3.774894707930798e-8;
const QUARTER_PI_C = 2.6951514290790595e-15;
/** From here on, octants have too many bits for that. */
const REDUCE_BY_BITS = 2 ** 29;

/** The sine with the digits of Go's `math.Sin`. */
export function goSin(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? x : Number.NaN;
  const octant = reduce(Math.abs(x));
  const isCosine = (octant & 3) === 2;
  const y = isCosine ? cosineOf(remainder) : sineOf(remainder);
  return octant > 3 !== x < 0 ? -y : y;
}

/** The cosine with the digits of Go's `math.Cos`. */
export function goCos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const octant = reduce(Math.abs(x));
  const isSine = (octant & 3) === 2;
  const y = isSine ? sineOf(remainder) : cosineOf(remainder);
  return octant === 2 || octant === 4 ? -y : y;
}

/** The tangent with the digits of Go's `math.Tan`. */
export function goTan(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? x : Number.NaN;
  const octant = reduce(Math.abs(x));
  const z = remainder;
  const zz = z * z;
  let y = z;
  if (zz > 1e-14) {
    const above = zz * ((TAN_ABOVE[0] * zz + TAN_ABOVE[1]) * zz + TAN_ABOVE[2]);
    const below =
      (((zz + TAN_BELOW[0]) * zz + TAN_BELOW[1]) * zz + TAN_BELOW[2]) * zz + TAN_BELOW[3];
    y = z + z * (above / below);
  }
  if ((octant & 2) === 2) y = -1 / y;
  return x < 0 ? -y : y;
}

function sineOf(z: number): number {
  const zz = z * z;
  return (
    z +
    z * zz * (((((SIN[0] * zz + SIN[1]) * zz + SIN[2]) * zz + SIN[3]) * zz + SIN[4]) * zz + SIN[5])
  );
}

function cosineOf(z: number): number {
  const zz = z * z;
  return (
    1 -
    0.5 * zz +
    zz * zz * (((((COS[0] * zz + COS[1]) * zz + COS[2]) * zz + COS[3]) * zz + COS[4]) * zz + COS[5])
  );
}

/** What {@link reduce} left of the angle, between −π/4 and π/4. */
let remainder = 0;

/** Takes whole octants (π/4) off an angle x ≥ 0, an even number of them; returns that number modulo 8. */
function reduce(x: number): number {
  if (x >= REDUCE_BY_BITS) return reduceByBits(x);
  let octants = Math.floor(x * (4 / Math.PI));
  if (octants % 2 === 1) octants += 1;
  remainder = x - octants * QUARTER_PI_A - octants * QUARTER_PI_B - octants * QUARTER_PI_C;
  return octants & 7;
}

/** The bits of 4/π: 1 before the point (in 64 bits), 1216 after it. */
const FOUR_OVER_PI = BigInt(
  "0x145f306dc9c882a53f84eafa3ea69bb81b6c52b3278872083fca2c757bd778ac36e48dc74849ba5c00c925dd413a32439" +
    "fc3bd63962534e7dd1046bea5d768909d338e04d68befc827323ac7306a673e93908bf177bf250763ff12fffbc0b301f" +
    "de5e2316b414da3eda6cfd9e4f96136e9e8c7ecd3cbfd45aea4f758fd7cbe2f67a0e73ef14a525d4d7f6bf623f1aba10" +
    "ac06608df8f6d757",
);
const BITS_IN_ALL = 20 * 64;

/**
 * The same for large angles, as K. C. Ng's "Argument reduction for huge arguments" has it: of the product with 4/π
 * only the 128 bits from 4 before the point on matter, for which 192 bits of 4/π are enough.
 */
function reduceByBits(x: number): number {
  // x = mantissa × 2^places, the mantissa with all of its 53 bits
  const places = exponent(x) - 53;
  const mantissa = BigInt(x / 2 ** places);
  const window = BigInt.asUintN(192, FOUR_OVER_PI >> BigInt(BITS_IN_ALL - (places + 61) - 192));
  const product = BigInt.asUintN(128, (window * mantissa) >> 64n);
  const high = product >> 64n;
  const low = BigInt.asUintN(64, product);
  let octants = Number(high >> 61n);
  const rest = BigInt.asUintN(64, (high << 3n) | (low >> 61n));
  const leading = BigInt(64 - rest.toString(2).length + 1);
  const digits = BigInt.asUintN(64, (rest << leading) | (low >> (64n - leading))) >> 12n;
  let z = (1 + Number(digits) / 2 ** 52) / 2 ** Number(leading);
  if (octants % 2 === 1) {
    octants = (octants + 1) & 7;
    z -= 1;
  }
  remainder = z * (Math.PI / 4);
  return octants;
}
