/** How far a number or a duration went, and whether it was one. */
export interface Scan {
  readonly valid: boolean;
  readonly end: number;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

function isPartDigit(isHex: boolean, character: string | undefined): boolean {
  return isDigit(character) || (isHex && isOneOf("abcdefABCDEF", character));
}

function isAlphanumeric(character: string | undefined): boolean {
  return character !== undefined && /^[0-9a-zA-Z_]$/.test(character);
}

function isOneOf(characters: string, character: string | undefined): boolean {
  return character !== undefined && characters.includes(character);
}

/**
 * Passes what looks like a number: decimal, hexadecimal or octal, with `_` between digits, a fraction and
 * an exponent. What passes need not be one (`1e`): its value says so. Where none is, `end` is how far it got.
 */
export function scanNumber(text: string, start: number): Scan {
  let at = start;
  let isHex = false;
  if (text[at] === "0") {
    at++;
    isHex = isOneOf("xX", text[at]);
    if (isHex) at += text[at + 1] === "_" ? 2 : 1;
  }
  if (text[at] === ".") at++;
  if (isPartDigit(isHex, text[at])) at++;
  // A second `.` or `e` ends it; the dot before the first digit does not count, as in Prometheus.
  const seen = { ".": false, e: false };
  for (;;) {
    const character = text[at];
    if (isPartDigit(isHex, character) && !isOneOf("eE", character)) {
      while (isPartDigit(isHex, text[at])) at++;
      continue;
    }
    const part = character === "." ? "." : isOneOf("eE", character) ? "e" : character;
    if (part !== "." && part !== "e" && part !== "_") break;
    const isRepeated = part !== "_" && seen[part];
    if (part !== "_") seen[part] = true;
    at++;
    if (isRepeated) return { valid: false, end: at };
    if (part === "e" && isOneOf("+-", text[at])) at++;
    if (isOneOf(part === "." ? "_." : "._eE", text[at])) return { valid: false, end: at + 1 };
    if (part === "." ? isHex : at >= text.length) return { valid: false, end: at };
  }
  return { valid: at > start && !isAlphanumeric(text[at]), end: at };
}

/** Passes the rest of a duration, from its first unit on. Where none is, `end` is how far it got. */
export function scanDuration(text: string, start: number): Scan {
  let at = start;
  if (!isOneOf("smhdwy", text[at])) return { valid: false, end: at };
  at++;
  if (text[at] === "s") at++;
  while (isDigit(text[at])) {
    while (isDigit(text[at])) at++;
    if (!isOneOf("smhdw", text[at])) return { valid: false, end: at };
    at++;
    if (text[at] === "s") at++;
  }
  return isAlphanumeric(text[at]) ? { valid: false, end: at + 1 } : { valid: true, end: at };
}
