const LINE_FEED = 0x0a;

/** How many bytes of a line are shown before and behind the place it is about. */
const BEFORE = 80;
const BEHIND = 80;

/**
 * A line of a text with a mark under one column, each behind a line feed and indented; empty where there
 * is nothing to see. Line and column count from 1, the column in bytes.
 */
export function drawLine(bytes: Uint8Array, line: number, column: number): string {
  const text = lineOf(bytes, line);
  if (text === undefined || text.length === 0) return "";
  const at = Math.min(column - 1, text.length);
  const start = Math.max(0, at - BEFORE);
  const end = Math.min(text.length, at + BEHIND);
  const decoder = new TextDecoder();
  const before = `${start > 0 ? "…" : ""}${printable(decoder.decode(text.subarray(start, at)))}`;
  const behind = `${printable(decoder.decode(text.subarray(at, end)))}${end < text.length ? "…" : ""}`;
  return `\n  ${before}${behind}\n  ${" ".repeat([...before].length)}^`;
}

function lineOf(bytes: Uint8Array, line: number): Uint8Array | undefined {
  let start = 0;
  for (let n = 1; n < line; n++) {
    start = bytes.indexOf(LINE_FEED, start) + 1;
    if (start === 0) return undefined;
  }
  const end = bytes.indexOf(LINE_FEED, start);
  return bytes.subarray(start, end < 0 ? bytes.length : end);
}

// What is checked may come from anywhere: nothing in it moves the cursor of the terminal.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "\u00b7");
}
