import { type Labels, parseDuration } from "@linklight/model";
import type { LoadCommand, LoadedSeries } from "./command.ts";
import type { LineScanner } from "./line-scanner.ts";
import { parseSeriesLine } from "./series-line.ts";
import {
  isStartTimestampLine,
  parseStartTimestampLine,
  type StartOffsets,
} from "./start-timestamps.ts";

/** A duration, as in `load 5m` and `at 1h30m`; in ms. */
export function parseTime(scanner: LineScanner, what: string): number {
  scanner.takeBlanks();
  const start = scanner.position;
  try {
    return parseDuration(scanner.take(/\S+/y) ?? "");
  } catch {
    return scanner.failExpecting(`${what} such as 5m`, start);
  }
}

interface StartTimestampLine {
  readonly scanner: LineScanner;
  readonly labels: Labels;
  readonly offsets: StartOffsets;
}

/** load: ("load" | "load_with_nhcb") DURATION, and lines: series_line | start_timestamp_line */
export function parseLoad(head: LineScanner, lines: readonly LineScanner[]): LoadCommand {
  const text = head.rest;
  if (head.take(/load(?:_with_nhcb)?(?=\s|$)/y) === undefined)
    head.failExpecting('"load" or "load_with_nhcb"');
  const stepMs = parseTime(head, "the time from one value to the next,");
  if (!head.isAtEnd) head.failExpecting("the end of the line");
  const starts: StartTimestampLine[] = [];
  const series = new Map<string, LoadedSeries>();
  let everyone: StartOffsets = [];
  for (const scanner of lines) {
    if (isStartTimestampLine(scanner.rest)) {
      const { labels, offsets } = parseStartTimestampLine(scanner);
      if (labels === undefined) everyone = offsets;
      else starts.push({ scanner, labels, offsets });
    } else {
      const { labels, values } = parseSeriesLine(scanner);
      const startOffsets = repeated(everyone, values.length);
      series.set(labels.key, { line: scanner.line, labels, values, startOffsets });
    }
  }
  for (const start of starts) giveStarts(start, series);
  return {
    kind: "load",
    line: head.line,
    text,
    stepMs,
    withCustomBuckets: text.startsWith("load_with_nhcb"),
    series: [...series.values()],
  };
}

/** Offsets for all series are repeated as often as a series needs them. */
function repeated(offsets: StartOffsets, count: number): StartOffsets {
  if (offsets.length === 0) return [];
  return Array.from({ length: count }, (_, i) => offsets[i % offsets.length]);
}

/** Start timestamps without a series to start are no harm: there is no sample that they could change. */
function giveStarts(start: StartTimestampLine, series: Map<string, LoadedSeries>): void {
  const { scanner, labels, offsets } = start;
  const one = series.get(labels.key);
  if (one === undefined) return;
  if (offsets.length !== one.values.length)
    scanner.fail(
      `expected a start timestamp for each of the ${one.values.length} values in line ${one.line}, got ${offsets.length}`,
      scanner.text.length - scanner.text.trimStart().length,
    );
  series.set(labels.key, { ...one, startOffsets: offsets });
}
