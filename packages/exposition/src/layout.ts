import type { ExpositionFormat } from "./entry-parser.ts";

/**
 * How names beyond `[a-zA-Z0-9_:]` are shown, agreed by the `escaping` parameter of Accept:
 * as they are and quoted, with underscores, with `_dot_`, or as `U__` with code points.
 */
export type EscapingScheme = "allow-utf-8" | "underscores" | "dots" | "values";

/** What decides the bytes of a series in an exposition. Compared by identity: made by {@link layout} only. */
export interface Layout {
  readonly format: ExpositionFormat;
  readonly escaping: EscapingScheme;
}

const layouts = new Map<string, Layout>();

/** The layout of a format and an escaping scheme, the same object each time. */
export function layout(format: ExpositionFormat, escaping: EscapingScheme = "underscores"): Layout {
  const key = `${format} ${escaping}`;
  let found = layouts.get(key);
  if (found === undefined) {
    found = { format, escaping };
    layouts.set(key, found);
  }
  return found;
}
