import type { ExpositionFormat } from "./entry-parser.ts";

/**
 * How names beyond `[a-zA-Z0-9_:]` are shown, agreed by the `escaping` parameter of Accept:
 * as they are and quoted, with underscores, with `_dot_`, or as `U__` with code points.
 */
export type EscapingScheme = "allow-utf-8" | "underscores" | "dots" | "values";

/** What decides the bytes of a series in an exposition. Compared by identity: make each once and keep it. */
export interface Layout {
  readonly format: ExpositionFormat;
  readonly escaping: EscapingScheme;
}

/** Makes a layout. */
export function layout(format: ExpositionFormat, escaping: EscapingScheme = "underscores"): Layout {
  return { format, escaping };
}
