/** Numbers as Go reads them: decimal ones, and infinities by several names. */
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/**
 * Reads the upper bound of a bucket from its label `le`, as Go's `strconv.ParseFloat` does; undefined for what is
 * no number, or none that a float can hold.
 */
export function parseBound(label: string): number | undefined {
  if (NUMBER.test(label)) {
    const bound = Number(label);
    return Number.isFinite(bound) ? bound : undefined;
  }
  if (/^nan$/i.test(label)) return Number.NaN;
  const infinity = INFINITY.exec(label);
  if (infinity === null) return undefined;
  return infinity[1] === "-" ? -Infinity : Infinity;
}
