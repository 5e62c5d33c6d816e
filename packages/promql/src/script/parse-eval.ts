import type {
  EvalCommand,
  ExpectedRow,
  ExpectedValue,
  MessageTest,
  StepsNotation,
} from "./command.ts";
import { numberOf } from "./histogram-notation.ts";
import type { LineScanner } from "./line-scanner.ts";
import {
  ANY_MESSAGE,
  type Expect,
  messageTest,
  parseExpect,
  parsePattern,
  parseSteps,
} from "./parse-expect.ts";
import { parseTime } from "./parse-load.ts";
import { parseSeriesLine } from "./series-line.ts";

/** What the lines below an `eval` say, as far as they have been read. */
interface Expected {
  isOrdered: boolean;
  fail: MessageTest[] | undefined;
  readonly warnings: MessageTest[];
  readonly infos: MessageTest[];
  noWarnings: boolean;
  noInfos: boolean;
  rangeVector: StepsNotation | undefined;
  value: ExpectedValue | undefined;
  readonly rows: ExpectedRow[];
}

/**
 * eval: "eval" ["_fail" | "_warn" | "_info" | "_ordered"] ("instant" "at" DURATION | "range" steps) QUERY,
 * and lines: expect | NUMBER | series_line | "expected_fail_message" TEXT | "expected_fail_regexp" TEXT
 */
export function parseEval(head: LineScanner, lines: readonly LineScanner[]): EvalCommand {
  const text = head.rest;
  const variant = head.take(/eval(?:_(?:fail|warn|info|ordered))?(?=\s|$)/y);
  if (variant === undefined)
    head.failExpecting('"eval", "eval_fail", "eval_warn", "eval_info" or "eval_ordered"');
  const when = parseWhen(head);
  head.takeBlanks();
  if (head.isAtEnd) head.failExpecting("a query");
  const expected: Expected = {
    isOrdered: variant === "eval_ordered",
    fail: variant === "eval_fail" ? [] : undefined,
    warnings: variant === "eval_warn" ? [ANY_MESSAGE] : [],
    infos: variant === "eval_info" ? [ANY_MESSAGE] : [],
    noWarnings: false,
    noInfos: false,
    rangeVector: undefined,
    value: undefined,
    rows: [],
  };
  for (const line of lines) parseExpectation(line, expected, when.kind);
  const { rows, value, ...rest } = expected;
  return {
    kind: "eval",
    line: head.line,
    text,
    query: head.rest,
    queryColumn: head.position + 1,
    when,
    expected: { ...rest, value: value ?? { kind: "series", rows } },
  };
}

function parseWhen(head: LineScanner): EvalCommand["when"] {
  head.takeBlanks();
  const start = head.position;
  switch (head.take(/[a-z]+/y)) {
    case "instant":
      head.takeBlanks();
      if (head.take(/at(?=\s)/y) === undefined) head.failExpecting('"at" and a time');
      return { kind: "instant", timeMs: parseTime(head, "a time") };
    case "range":
      return { kind: "range", ...parseSteps(head) };
    default:
      return head.failExpecting('"instant" or "range"', start);
  }
}

function parseExpectation(
  scanner: LineScanner,
  expected: Expected,
  kind: "instant" | "range",
): void {
  const start = scanner.position;
  if (/^expect\s/.test(scanner.rest)) addExpect(scanner, parseExpect(scanner), expected, start);
  else if (expected.fail !== undefined && scanner.takeIf("expected_fail_message"))
    expected.fail.push(messageTest(scanner.rest.trim()));
  else if (expected.fail !== undefined && scanner.takeIf("expected_fail_regexp"))
    expected.fail.push(parsePattern(scanner));
  else parseExpectedValue(scanner, expected, kind);
}

function addExpect(scanner: LineScanner, expect: Expect, expected: Expected, start: number): void {
  switch (expect.what) {
    case "ordered":
      expected.isOrdered = true;
      break;
    case "fail":
      if (expected.fail !== undefined && expected.fail.length > 0)
        scanner.fail('expected at most one "expect fail"', start);
      expected.fail = [...(expected.fail ?? []), expect.test];
      break;
    case "warn":
      expected.warnings.push(expect.test);
      break;
    case "info":
      expected.infos.push(expect.test);
      break;
    case "no_warn":
      expected.noWarnings = true;
      break;
    case "no_info":
      expected.noInfos = true;
      break;
    case "string":
      setValue(scanner, expected, { kind: "string", value: expect.value }, start);
      break;
    case "range vector":
      expected.rangeVector = expect.steps;
      break;
  }
  if (expected.noWarnings && expected.warnings.length > 0)
    scanner.fail('"expect warn" and "expect no_warn" contradict each other', start);
  if (expected.noInfos && expected.infos.length > 0)
    scanner.fail('"expect info" and "expect no_info" contradict each other', start);
}

function setValue(
  scanner: LineScanner,
  expected: Expected,
  value: ExpectedValue,
  start: number,
): void {
  if (expected.value !== undefined || expected.rows.length > 0)
    scanner.fail("a scalar or a string is a result alone", start);
  expected.value = value;
}

function parseExpectedValue(
  scanner: LineScanner,
  expected: Expected,
  kind: "instant" | "range",
): void {
  const start = scanner.position;
  // A series begins neither with a sign nor with a digit, and with these words only where values follow.
  if (/^[+-]?(?:[\d.][\w.+-]*|inf|nan)$/i.test(scanner.rest)) {
    const value = numberOf(scanner.rest);
    const isNumber = !Number.isNaN(value) || /nan$/i.test(scanner.rest);
    if (!isNumber) scanner.failExpecting('a number, or a series such as name{label="value"}');
    setValue(scanner, expected, { kind: "scalar", value }, start);
    return;
  }
  const row = { line: scanner.line, ...parseSeriesLine(scanner) };
  if (expected.value !== undefined) scanner.fail("a scalar or a string is a result alone", start);
  if (kind === "instant" && expected.rangeVector === undefined) {
    if (row.values.length !== 1 || row.values[0]?.kind === "omitted")
      scanner.fail(
        `expected one value for an instant query, got ${row.values.length === 1 ? "none" : row.values.length}; a range vector needs "expect range vector from … to … step …" above it`,
        start,
      );
  }
  const before = expected.rows.find(({ labels }) => labels.equals(row.labels));
  if (before !== undefined)
    scanner.fail(`${row.labels} was expected in line ${before.line} already`, start);
  expected.rows.push(row);
}
