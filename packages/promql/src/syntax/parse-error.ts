import type { Span } from "./ast.ts";

/**
 * A mistake in the text of a query, with its place: `1:15: parse error: unexpected …`, in Prometheus' words.
 *
 * The one that {@link parseExpr} throws is the first; `errors` holds all of them, itself included.
 */
export class ParseError extends Error {
  override readonly name = "ParseError";
  readonly code = "LINKLIGHT_PROMQL_PARSE";
  readonly span: Span;
  /** The whole text that was parsed. */
  readonly query: string;
  /** What is wrong, without the place. */
  readonly reason: string;
  /** All mistakes of the text, in the order in which they were found. */
  errors: readonly ParseError[];

  constructor(reason: string, span: Span, query: string) {
    super(`${lineAndColumn(query, span.start)}: parse error: ${reason}`);
    this.reason = reason;
    this.span = span;
    this.query = query;
    this.errors = [this];
  }
}

/**
 * The place of an offset as Prometheus writes it, `line:column`, both from 1; columns count UTF-8 bytes.
 * An empty text has no places: `unknown position`.
 */
export function lineAndColumn(text: string, offset: number): string {
  if (text === "") return "unknown position";
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const lineStart = before.lastIndexOf("\n") + 1;
  return `${line}:${utf8Length(before.slice(lineStart)) + 1}`;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return bytes;
}
