/**
 * A number as Go's `%g` and `%v` write it in messages: the fewest digits that read back the same, with an
 * exponent of at least two digits below 1e-4 and from 1e6 on; `+Inf`, `-Inf`, `NaN`.
 */
export function formatGoFloat(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const { sign, digits, exponent } = decimal(value);
  if (exponent >= -4 && exponent < 6) return sign + positional(digits, exponent);
  return sign + scientific(digits, exponent);
}

/** A number as Go's `%.2g` writes it in messages: at most two digits, with an exponent below 1e-4 and from 100 on. */
export function formatTwoDigits(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const rounded = Number(value.toExponential(1));
  const { sign, digits, exponent } = decimal(rounded);
  if (exponent >= -4 && exponent < 2) return sign + positional(digits, exponent);
  return sign + scientific(digits, exponent);
}

/** A number as Go's `%f` writes it in messages: all digits of the double before the point and six behind it. */
export function formatSixDecimals(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  // toFixed turns to exponents there, where every double is a whole number.
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`;
}

/** A number as Prometheus' API writes it: without an exponent from 1e-6 to below 1e21, and for 0. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const { sign, digits, exponent } = decimal(value);
  const fixed = value === 0 || (exponent >= -6 && exponent < 21);
  return sign + (fixed ? positional(digits, exponent) : scientific(digits, exponent));
}

/** A number without an exponent, as Go's `strconv.FormatFloat(value, 'f', -1, 64)` writes it. */
export function formatFixed(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const { sign, digits, exponent } = decimal(value);
  return sign + positional(digits, exponent);
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}

/** The value as d.ddd × 10^exponent, with the fewest digits. */
function decimal(value: number): { sign: string; digits: string; exponent: number } {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e") as [string, string];
  return { sign, digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  const size = Math.abs(exponent).toString().padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits + "0".repeat(exponent + 1 - digits.length);
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
