import type { ParseError } from "./parse-error.ts";

/** How much of a long line is shown on each side of the mistake. */
const CONTEXT = 60;

/**
 * Draws a mistake for a reader: the message, the line of the query it is in, and a caret below the place.
 *
 * ```
 * 1:13: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()
 *   rate(foo[])
 *            ^
 * ```
 */
export function drawError(error: ParseError): string {
  const { query, span } = error;
  if (query === "") return error.message;
  const place = Math.min(span.start, query.length);
  const lineStart = query.lastIndexOf("\n", place - 1) + 1;
  const lineEnd = query.indexOf("\n", place);
  const line = query.slice(lineStart, lineEnd === -1 ? query.length : lineEnd);
  const column = place - lineStart;
  const from = Math.max(0, column - CONTEXT);
  const head = (from > 0 ? "…" : "") + line.slice(from, column);
  const rest = line.slice(column);
  const tail = rest.length > CONTEXT ? `${rest.slice(0, CONTEXT)}…` : rest;
  // Tabs stay tabs, so that the caret stands where the reader's terminal puts the place; a character of
  // two code units takes one column.
  const padding = head.replace(/[^\t]/gu, " ");
  return `${error.message}\n  ${head}${tail}\n  ${padding}^`;
}
