import type { Span } from "./ast.ts";
import { TextPlaces } from "./text-places.ts";

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
  if (latest?.text !== text) latest = { text, places: new TextPlaces(text) };
  const { line, column } = latest.places.lineAndColumn(offset);
  return `${line}:${column}`;
}

// A text with one mistake may have thousands: what was found out for the first serves all.
let latest: { readonly text: string; readonly places: TextPlaces } | undefined;
