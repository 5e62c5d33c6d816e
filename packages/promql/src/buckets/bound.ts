const DIGITS = "[0-9](?:_?[0-9])*";
const HEX = "[0-9a-f](?:_?[0-9a-f])*";
/** Go's numbers: decimal, or hexadecimal with an exponent of two, with `_` between digits. */
const DECIMAL = new RegExp(
  `^[+-]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`,
  "i",
);
const HEXADECIMAL = new RegExp(
  `^([+-]?)0x(?:_?(${HEX})\\.?(${HEX})?|\\.(${HEX}))p([+-]?${DIGITS})$`,
  "i",
);
/** Infinities have several names. */
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/**
 * Reads the upper bound of a bucket from its label `le`, as Go's `strconv.ParseFloat` does; undefined for what is
 * no number, or none that a float can hold.
 */
export function parseBound(label: string): number | undefined {
  if (/^nan$/i.test(label)) return Number.NaN;
  const infinity = INFINITY.exec(label);
  if (infinity !== null) return infinity[1] === "-" ? -Infinity : Infinity;
  const bound = DECIMAL.test(label) ? Number(label.replaceAll("_", "")) : hexadecimal(label);
  return Number.isFinite(bound) ? bound : undefined;
}

/** `0x1.8p3`; NaN for what is none. */
function hexadecimal(label: string): number {
  const [, sign, whole = "", fraction = "", onlyFraction = "", power = ""] =
    HEXADECIMAL.exec(label) ?? [];
  if (sign === undefined) return Number.NaN;
  const behind = (fraction + onlyFraction).replaceAll("_", "");
  const mantissa = Number(`0x${whole.replaceAll("_", "")}${behind}`);
  const exponent = Number(power.replaceAll("_", "")) - 4 * behind.length;
  // In two steps, since the powers themselves may be out of a float's range.
  const half = Math.trunc(exponent / 2);
  return (sign === "-" ? -1 : 1) * mantissa * 2 ** half * 2 ** (exponent - half);
}
