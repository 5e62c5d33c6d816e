/**
 * What every text begins with that a regular expression matches as a whole: `eth` of `eth[0-9]+`, the
 * empty text where nothing is known. The pattern must be a right one.
 */
export function literalPrefix(pattern: string): string {
  if (hasAlternatives(pattern)) return "";
  const start = pattern.startsWith("^") ? 1 : 0;
  const literal = /^[^\\^$.|?*+()[\]{}]*/.exec(pattern.slice(start))?.[0] ?? "";
  const next = pattern[start + literal.length];
  // The last character may be missing from the text if it is what a repetition repeats.
  const isRepeated = next !== undefined && "?*{".includes(next);
  return isRepeated ? [...literal].slice(0, -1).join("") : literal;
}

/** Whether a pattern may have alternatives outside of groups. */
function hasAlternatives(pattern: string): boolean {
  if (!pattern.includes("|")) return false;
  // Inside classes and quotations parentheses and bars are literals: not worth the finding out.
  if (pattern.includes("[") || pattern.includes("\\Q")) return true;
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === "\\") i++;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}
