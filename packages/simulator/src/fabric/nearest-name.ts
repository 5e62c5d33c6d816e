import { closest } from "@linklight/toolkit";

/**
 * The name that was most likely meant by a text: one with few slips, else one that begins with it, else one
 * that has it inside. Undefined when none is near.
 */
export function nearestName(text: string, names: Iterable<string>): string | undefined {
  const all = [...names];
  const lower = text.toLowerCase();
  // Any letter is one slip away from any other.
  const found = text.length < 2 ? undefined : closest(text, all);
  // One or two letters are in every name.
  if (found !== undefined || lower.length < 3) return found;
  return (
    all.find((name) => name.toLowerCase().startsWith(lower)) ??
    all.find((name) => name.toLowerCase().includes(lower))
  );
}

/** `; did you mean NAME?` where a name is near, else nothing: the end of a message. */
export function suggestion(text: string, names: Iterable<string>): string {
  const name = nearestName(text, names);
  return name === undefined ? "" : `; did you mean ${name}?`;
}
