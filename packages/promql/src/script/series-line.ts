import type { Labels } from "@linklight/model";
import type { SequenceValue } from "./command.ts";
import { NUMBER, numberOf, parseHistogram } from "./histogram-notation.ts";
import { addHistograms } from "./histogram-sum.ts";
import type { LineScanner } from "./line-scanner.ts";
import { parseMetric } from "./metric-notation.ts";

const OMITTED: SequenceValue = { kind: "omitted" };
const STALE: SequenceValue = { kind: "stale" };

/** A typing error must not fill the memory. */
const MOST_VALUES = 10_000_000;

/** series_line: metric (BLANK item)* */
export function parseSeriesLine(scanner: LineScanner): {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
} {
  const labels = parseMetric(scanner);
  const values: SequenceValue[] = [];
  while (!scanner.isAtEnd) {
    if (!scanner.takeBlanks()) scanner.failExpecting("a blank or the end of the line");
    parseItem(scanner, values);
  }
  return { labels, values };
}

/** item: "_" ["x" COUNT] | histogram_item | ("stale" | NUMBER [SIGNED_NUMBER]) ["x" COUNT] */
function parseItem(scanner: LineScanner, values: SequenceValue[]): void {
  if (scanner.takeIf("_")) {
    const count = parseRepetition(scanner) ?? 1;
    for (let i = 0; i < count; i++) values.push(OMITTED);
  } else if (scanner.sees("{{")) {
    parseHistogramItem(scanner, values);
  } else if (scanner.takeIf("stale")) {
    const count = parseRepetition(scanner) ?? 0;
    for (let i = 0; i <= count; i++) values.push(STALE);
  } else {
    parseNumberItem(scanner, values);
  }
  if (!scanner.isAtEnd && !/\s/.test(scanner.rest.charAt(0)))
    scanner.failExpecting("a blank or the end of the line");
}

/** number_item: NUMBER [SIGNED_NUMBER] ["x" COUNT]: `a+bx2` is a, a+b, a+2b */
function parseNumberItem(scanner: LineScanner, values: SequenceValue[]): void {
  const first = scanner.take(NUMBER);
  if (first === undefined)
    scanner.failExpecting('a number, "_", "stale" or a histogram such as {{count:1}}');
  const increment = /^[+-]/.test(scanner.rest) ? scanner.take(NUMBER) : undefined;
  const count = parseRepetition(scanner);
  if (increment !== undefined && count === undefined) scanner.failExpecting('"x" and a count');
  let value = numberOf(first);
  for (let i = 0; i <= (count ?? 0); i++) {
    values.push({ kind: "float", value });
    // Adding up, rather than multiplying, gives Prometheus' digits.
    if (increment !== undefined) value += numberOf(increment);
  }
}

/** histogram_item: histogram [("+" | "-") histogram] ["x" COUNT] */
function parseHistogramItem(scanner: LineScanner, values: SequenceValue[]): void {
  const start = scanner.position;
  let value = parseHistogram(scanner);
  const sign = scanner.takeIf("+") ? 1 : scanner.takeIf("-") ? -1 : undefined;
  const increment = sign === undefined ? undefined : parseHistogram(scanner);
  const count = parseRepetition(scanner);
  if (increment !== undefined && count === undefined) scanner.failExpecting('"x" and a count');
  values.push(value);
  for (let i = 0; i < (count ?? 0); i++) {
    if (sign !== undefined && increment?.kind === "histogram" && value.kind === "histogram") {
      const histogram = addHistograms(value.histogram, increment.histogram, sign);
      if ("problem" in histogram) scanner.fail(histogram.problem, start);
      value = { ...value, histogram };
    }
    values.push(value);
  }
}

/** repetition: "x" COUNT */
export function parseRepetition(scanner: LineScanner): number | undefined {
  if (!scanner.takeIf("x")) return undefined;
  const start = scanner.position;
  const count = scanner.take(/\d+/y);
  if (count === undefined) return scanner.failExpecting('a count behind "x"');
  if (Number(count) > MOST_VALUES)
    scanner.fail(`expected at most ${MOST_VALUES} repetitions, got ${count}`, start);
  return Number(count);
}
