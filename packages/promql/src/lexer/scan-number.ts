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
  const isHex = text[start] === "0" && isOneOf("xX", text[start + 1]);
  let at = start;
  if (isHex) at += text[start + 2] === "_" ? 3 : 2;
  else if (text[at] === "0") at++;
  // A dot at the beginning, or behind a leading zero, does not count as one: `.5.5` is left to readNumber,
  // in Prometheus too.
  if (text[at] === ".") at++;
  if (isPartDigit(isHex, text[at])) at++;
  let signs = "";
  for (;;) {
    at = passDigits(text, at, isHex);
    const sign = text[at];
    if (!isOneOf("._eE", sign)) break;
    const part = passSign(text, at, isHex, signs);
    if (!part.valid) return part;
    signs += sign;
    at = part.end;
  }
  return { valid: at > start && !isAlphanumeric(text[at]), end: at };
}

/** Passes digits; in hexadecimal an `e` at their beginning is an exponent all the same, as in Prometheus. */
function passDigits(text: string, start: number, isHex: boolean): number {
  let at = start;
  if (isOneOf("eE", text[at])) return at;
  while (isPartDigit(isHex, text[at])) at++;
  return at;
}

/** Passes `.`, `_` or `e` with its sign, after which may not come what would make it none. */
function passSign(text: string, start: number, isHex: boolean, before: string): Scan {
  const sign = text[start];
  let at = start + 1;
  if (sign === ".") {
    if (before.includes(".")) return { valid: false, end: at };
    if (isOneOf("_.", text[at])) return { valid: false, end: at + 1 };
    return { valid: !isHex, end: at };
  }
  if (sign !== "_") {
    if (/[eE]/.test(before)) return { valid: false, end: at };
    if (isOneOf("+-", text[at])) at++;
  }
  if (isOneOf("._eE", text[at])) return { valid: false, end: at + 1 };
  return { valid: at < text.length, end: at };
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
