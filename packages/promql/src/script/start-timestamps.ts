import { type Labels, parseDuration } from "@linklight/model";
import type { LineScanner } from "./line-scanner.ts";
import { parseMetric } from "./metric-notation.ts";
import { parseRepetition } from "./series-line.ts";

/** Offsets in ms from a sample's timestamp to its start timestamp; undefined where a sample has none. */
export type StartOffsets = readonly (number | undefined)[];

/** Whether a line gives start timestamps: its series ends in `@st`. */
export function isStartTimestampLine(line: string): boolean {
  return /^\s*(?:\S|"[^"]*")*@st(?:\s|$)/.test(withoutStrings(line));
}

/** A label value may hold anything. */
function withoutStrings(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '""')
    .replace(/\{[^{}]*\}/, "{}");
}

/** start_timestamp_line: [metric] "@st" (BLANK item)*; without a metric it holds for the lines that follow. */
export function parseStartTimestampLine(scanner: LineScanner): {
  readonly labels: Labels | undefined;
  readonly offsets: StartOffsets;
} {
  const labels = scanner.sees("@st") ? undefined : parseMetric(scanner);
  scanner.require("@st");
  const offsets: (number | undefined)[] = [];
  while (!scanner.isAtEnd) {
    if (!scanner.takeBlanks()) scanner.failExpecting("a blank or the end of the line");
    parseItem(scanner, offsets);
  }
  if (offsets.length === 0) scanner.failExpecting("start timestamps");
  return { labels, offsets };
}

/** item: "_" ["x" COUNT] | "*" ["x" COUNT] | DURATION [("+" | "-") DURATION] ["x" COUNT] */
function parseItem(scanner: LineScanner, offsets: (number | undefined)[]): void {
  if (scanner.takeIf("_")) {
    const count = parseRepetition(scanner) ?? 1;
    for (let i = 0; i < count; i++) offsets.push(undefined);
  } else if (scanner.takeIf("*")) {
    const previous = offsets.filter((offset) => offset !== undefined).at(-1) ?? 0;
    const count = parseRepetition(scanner) ?? 0;
    for (let i = 0; i <= count; i++) offsets.push(previous);
  } else {
    let offset = parseOffset(scanner);
    const increment = /^[+-]/.test(scanner.rest) ? parseOffset(scanner) : undefined;
    const count = parseRepetition(scanner);
    if (increment !== undefined && count === undefined) scanner.failExpecting('"x" and a count');
    for (let i = 0; i <= (count ?? 0); i++) {
      offsets.push(offset);
      offset += increment ?? 0;
    }
  }
}

/** A duration with a sign, in ms. */
function parseOffset(scanner: LineScanner): number {
  const start = scanner.position;
  const sign = scanner.take(/[+-]/y) === "-" ? -1 : 1;
  const duration = scanner.take(/(?:\d+(?:ms|[smhdwy])?)+/y);
  try {
    // Adding zero makes 0 of −0.
    return sign * parseDuration(duration ?? "") + 0;
  } catch {
    return scanner.failExpecting('a duration such as "-30s", "_" or "*"', start);
  }
}
