/**
 * A text with gaps: literals, and between two of them any characters, at least as many as the gap says.
 * `eth.*` is `{ literals: ["eth", ""], gaps: [0] }`; `.+/1` is `{ literals: ["", "/1"], gaps: [1] }`.
 * There is one literal more than gaps; only the first and the last may be empty where there are gaps.
 */
export interface Glob {
  readonly literals: readonly string[];
  readonly gaps: readonly (0 | 1)[];
}

/** The glob of a literal text. */
export function literalGlob(text: string): Glob {
  return { literals: [text], gaps: [] };
}

/** One glob followed by another; undefined where two gaps meet that only together ask for two characters. */
export function joinGlobs(left: Glob, right: Glob): Glob | undefined {
  const joint = `${left.literals.at(-1)}${right.literals[0]}`;
  const literals = [...left.literals.slice(0, -1), joint, ...right.literals.slice(1)];
  const gaps = [...left.gaps, ...right.gaps];
  const seam = left.gaps.length;
  if (joint !== "" || seam === 0 || right.gaps.length === 0) return { literals, gaps };
  const least = (gaps[seam - 1] as number) + (gaps[seam] as number);
  if (least > 1) return undefined;
  literals.splice(seam, 1);
  gaps.splice(seam - 1, 2, least as 0 | 1);
  return { literals, gaps };
}

/** Whether a text as a whole is what a glob describes. Takes time linear in the length of the text. */
export function matchesGlob({ literals, gaps }: Glob, text: string): boolean {
  const head = literals[0] as string;
  if (gaps.length === 0) return text === head;
  const tail = literals.at(-1) as string;
  const end = text.length - tail.length;
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let place = head.length;
  // The earliest place for each literal leaves the most room for the rest. A literal cannot begin in the
  // midst of a surrogate pair, so that counting code units is counting characters.
  for (let i = 0; i < gaps.length - 1; i++) {
    const literal = literals[i + 1] as string;
    const found = text.indexOf(literal, place + (gaps[i] as number));
    if (found === -1) return false;
    place = found + literal.length;
  }
  return place + (gaps.at(-1) as number) <= end;
}
