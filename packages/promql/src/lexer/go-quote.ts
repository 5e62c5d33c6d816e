// What Go's strconv.IsPrint accepts: letters, marks, numbers, punctuation, symbols and the ASCII space.
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

function hex(codePoint: number, digits: number): string {
  return codePoint.toString(16).padStart(digits, "0");
}

function escaped(character: string, quoteMark: string): string {
  if (character === quoteMark) return `\\${quoteMark}`;
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (PRINTABLE.test(character)) return character;
  const codePoint = character.codePointAt(0) as number;
  if (codePoint < 0x80) return `\\x${hex(codePoint, 2)}`;
  // A byte that is no UTF-8, as literals keep it.
  if (codePoint > 0xdc7f && codePoint < 0xdd00) return `\\x${hex(codePoint - 0xdc00, 2)}`;
  // Half of a surrogate pair is no character: in Go it could only be the replacement character.
  if (codePoint >= 0xd800 && codePoint < 0xe000) return "\ufffd";
  return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

/**
 * Quotes a text as Go does (`%q`, strconv.Quote): double quotes, what cannot be printed as escapes. So is
 * the replacement character, which Go prints: a string that has it in plain sight is refused as broken.
 */
export function goQuote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const character of text) {
    const written = escaped(character, '"');
    quoted += written === "\ufffd" ? "\\ufffd" : written;
  }
  return `${quoted}"`;
}

/** Quotes one character as Go does (`%q` of a rune); the end of the text (`undefined`) is the replacement character. */
export function goQuoteCharacter(character: string | undefined): string {
  return `'${escaped(character ?? "\ufffd", "'")}'`;
}

/** Writes a character as Go's `%#U`: `U+0078 'x'`. */
export function goUnicode(character: string): string {
  const codePoint = character.codePointAt(0) as number;
  const code = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  return PRINTABLE.test(character) ? `${code} '${character}'` : code;
}
