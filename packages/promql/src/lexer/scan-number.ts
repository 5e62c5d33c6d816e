/** How far a number or a duration went, and whether it was one. */
export interface Scan {
  readonly valid: boolean;
  readonly end: number;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

function isHexDigit(character: string | undefined): boolean {
  return character !== undefined && /^[0-9a-fA-F]$/.test(character);
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
  let isPartDigit = isDigit;
  if (text[at] === "0") {
    at++;
    if (isOneOf("xX", text[at])) {
      at++;
      if (text[at] === "_") at++;
      isPartDigit = isHexDigit;
    }
  }
  if (text[at] === ".") at++;
  if (isPartDigit(text[at])) at++;
  let dots = 0;
  let exponents = 0;
  for (;;) {
    const character = text[at];
    const isExponent = isOneOf("eE", character);
    if (character === ".") {
      at++;
      if (++dots > 1) return { valid: false, end: at };
      if (isOneOf("_.", text[at])) return { valid: false, end: at + 1 };
      if (isPartDigit === isHexDigit) return { valid: false, end: at };
    } else if (isExponent) {
      at++;
      if (++exponents > 1) return { valid: false, end: at };
      if (isOneOf("+-", text[at])) at++;
      if (isOneOf("._eE", text[at])) return { valid: false, end: at + 1 };
      if (at >= text.length) return { valid: false, end: at };
    } else if (character === "_") {
      at++;
      if (isOneOf("._eE", text[at])) return { valid: false, end: at + 1 };
      if (at >= text.length) return { valid: false, end: at };
    } else if (isPartDigit(character)) {
      while (isPartDigit(text[at])) at++;
    } else break;
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
