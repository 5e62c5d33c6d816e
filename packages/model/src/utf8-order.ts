/**
 * Compares two strings by the bytes of their UTF-8 form, the order in which Prometheus keeps
 * label names and values. Negative, zero or positive, as `Array.prototype.sort` wants it.
 *
 * JavaScript compares UTF-16 code units, where a character beyond U+FFFF (a pair of surrogates,
 * 0xD800–0xDFFF) sorts before U+E000–U+FFFF; in UTF-8 it sorts after.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

/** Moves surrogates above the rest of the basic plane, which is where UTF-8 puts what they encode. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Whether a string can be written as UTF-8: no surrogate stands alone in it. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
