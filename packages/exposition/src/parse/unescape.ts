const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const LETTER_N = 0x6e;
const LINE_FEED = 0x0a;

/** Resolves `\\`, `\"` and `\n`; any other backslash stands for itself. */
export function unescapeQuoted(text: string): string {
  return text.includes("\\") ? resolve(text, QUOTE) : text;
}

/** Resolves `\\` and `\n`, the escapes of HELP in text 0.0.4; any other backslash stands for itself. */
export function unescapeHelp(text: string): string {
  return text.includes("\\") ? resolve(text, BACKSLASH) : text;
}

// In bytes and not by a regular expression, which takes ten times as long and most of the memory where a
// text of megabytes is nothing but escapes.
function resolve(text: string, also: number): string {
  const bytes = Buffer.from(text);
  let end = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i] as number;
    const next = bytes[i + 1];
    if (byte === BACKSLASH && (next === BACKSLASH || next === LETTER_N || next === also)) {
      byte = next === LETTER_N ? LINE_FEED : next;
      i++;
    }
    bytes[end++] = byte;
  }
  return bytes.toString("utf8", 0, end);
}
