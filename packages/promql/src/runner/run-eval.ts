import type { InstantQuery, RangeQuery } from "../engine/engine-options.ts";
import type { QueryResult, QueryValue, VectorSample } from "../engine/query-result.ts";
import type { Queryable } from "../queryable/queryable.ts";
import type { EvalCommand, Expectations, StepsNotation } from "../script/command.ts";
import type { Expr } from "../syntax/ast.ts";
import { ParseError } from "../syntax/parse-error.ts";
import { parseExpr } from "../syntax/parser.ts";
import { printExpr } from "../syntax/printer.ts";
import type { CommandFailure } from "./command-failure.ts";
import { judgeAnnotations, judgeError, noError } from "./judge-messages.ts";
import { judgeValue } from "./judge-value.ts";
import { type Mismatch, mismatch } from "./mismatch.ts";
import { pinSelectors } from "./pin-selectors.ts";

/** What runs the queries of scripts: an `Engine`, or whatever else can answer them. Rejects with an Error. */
export interface QueryEngine {
  instant(queryable: Queryable, query: InstantQuery): Promise<QueryResult>;
  range(queryable: Queryable, query: RangeQuery): Promise<QueryResult>;
}

/** On either side of an instant query's time when it is asked as a range query. */
const MINUTE_MS = 60_000;

// They yield something else in a range query.
const OF_THE_QUERY = /(?:start|end|range|step)\(\)/;

/** Runs an `eval` command in all the ways in which it must hold; undefined when it does. */
export async function runEval(
  command: EvalCommand,
  queryable: Queryable,
  engine: QueryEngine,
): Promise<CommandFailure | undefined> {
  let expr: Expr;
  try {
    expr = parseExpr(command.query, { features: "all" });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    // Expected failures are those of evaluation: a slip of the pen must not pass for one.
    const column = command.queryColumn + error.span.start;
    return { ...failureOf(command, mismatch(`parse error: ${error.reason}`)), column };
  }
  const run: Run = { command, queryable, engine };
  return command.when.kind === "range"
    ? evalRange(run, command.when)
    : evalInstant(run, command.when.timeMs, expr);
}

interface Run {
  readonly command: EvalCommand;
  readonly queryable: Queryable;
  readonly engine: QueryEngine;
}

async function evalRange(
  { command, queryable, engine }: Run,
  steps: StepsNotation,
): Promise<CommandFailure | undefined> {
  const { query, expected } = command;
  const answer = await answerOf(
    engine.range(queryable, {
      query,
      startMs: steps.startMs,
      endMs: steps.endMs,
      stepMs: steps.stepMs,
    }),
  );
  const found = judgeAnswer(expected, query, answer, steps);
  return found === undefined ? undefined : failureOf(command, found, undefined, errorOf(answer));
}

async function evalInstant(
  run: Run,
  timeMs: number,
  expr: Expr,
): Promise<CommandFailure | undefined> {
  const { command } = run;
  const time = command.expected.rangeVector?.endMs ?? timeMs;
  const failure = await evalAt(run, command.query, time);
  if (failure !== undefined) return failure;
  const pinned = pinSelectors(expr, time);
  if (pinned === undefined) return undefined;
  const query = printExpr(pinned);
  for (const other of otherTimes(time)) {
    const again = await evalAt(run, query, other);
    if (again !== undefined) return again;
  }
  return undefined;
}

/** When an expression is evaluated again that does not depend on it. */
function otherTimes(timeMs: number): readonly number[] {
  if (timeMs === 0) return [-1000, 0, 1000];
  return [-10 * timeMs, 0, Math.trunc(timeMs / 5), timeMs, 10 * timeMs];
}

async function evalAt(
  run: Run,
  query: string,
  timeMs: number,
): Promise<CommandFailure | undefined> {
  const { command, queryable, engine } = run;
  const { expected } = command;
  const answer = await answerOf(engine.instant(queryable, { query, timeMs }));
  const found = judgeAnswer(expected, query, answer, expected.rangeVector);
  if (found !== undefined) {
    const how = query === command.query ? undefined : `${query} at ${timeMs / 1000}s`;
    return failureOf(command, found, how, errorOf(answer));
  }
  const hasRangeForm = expected.rangeVector === undefined && expected.value.kind !== "string";
  if (answer instanceof Error || !hasRangeForm || OF_THE_QUERY.test(query)) return undefined;
  return evalAround(run, query, timeMs, answer.value.type);
}

/** Asks for three steps around the time; the middle one must be what the instant query yields. */
async function evalAround(
  { command, queryable, engine }: Run,
  query: string,
  timeMs: number,
  type: QueryValue["type"],
): Promise<CommandFailure | undefined> {
  const { expected } = command;
  const times = { startMs: timeMs - MINUTE_MS, endMs: timeMs + MINUTE_MS, stepMs: MINUTE_MS };
  const how = `${query} as a range query, at the step ${timeMs / 1000}s`;
  const answer = await answerOf(engine.range(queryable, { query, ...times }));
  if (answer instanceof Error) return failureOf(command, errorMismatch(answer), how, answer);
  // Range queries have an order of their own.
  if (expected.isOrdered) return undefined;
  const middle = valueAt(answer.value, timeMs, type);
  const found =
    typeof middle === "string" ? mismatch(middle) : judgeValue(expected, middle, undefined);
  return found === undefined ? undefined : failureOf(command, found, how);
}

/** What a matrix holds at one time, in the form of an instant query's result; or what is wrong with it. */
function valueAt(
  matrix: QueryValue,
  timestamp: number,
  type: QueryValue["type"],
): QueryValue | string {
  if (matrix.type !== "matrix") return `expected a range vector, got a ${matrix.type}`;
  const samples: VectorSample[] = [];
  for (const { labels, timestamps, values, histograms } of matrix.series) {
    const i = timestamps.indexOf(timestamp);
    if (i !== -1)
      samples.push({ labels, timestamp, value: histograms?.[i] ?? (values[i] as number) });
  }
  for (const [i, { labels }] of matrix.series.entries()) {
    const next = matrix.series[i + 1]?.labels;
    if (next !== undefined && labels.compare(next) > 0)
      return `the series of a range vector must be sorted by labels, but ${labels} comes before ${next}`;
  }
  if (type !== "scalar") return { type: "vector", samples };
  const value = samples[0]?.value;
  if (typeof value !== "number") return "expected a scalar at the step, got none";
  return { type: "scalar", timestamp, value };
}

/** A result, or the error that stands in for it. */
async function answerOf(asked: Promise<QueryResult>): Promise<QueryResult | Error> {
  try {
    return await asked;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error), { cause: error });
  }
}

function errorOf(answer: QueryResult | Error): Error | undefined {
  return answer instanceof Error ? answer : undefined;
}

function judgeAnswer(
  expected: Expectations,
  query: string,
  answer: QueryResult | Error,
  steps: StepsNotation | undefined,
): Mismatch | undefined {
  if (answer instanceof Error) {
    if (expected.fail === undefined) return errorMismatch(answer);
    return judgeError(expected.fail, answer);
  }
  if (expected.fail !== undefined) return noError(expected.fail);
  return judgeAnnotations(expected, query, answer) ?? judgeValue(expected, answer.value, steps);
}

function errorMismatch(error: Error): Mismatch {
  const isNamed = /^LINKLIGHT_/.test(String((error as { readonly code?: unknown }).code));
  return mismatch(`the query failed: ${isNamed ? "" : `${error.name}: `}${error.message}`);
}

function failureOf(
  { line, text }: EvalCommand,
  found: Mismatch,
  how?: string,
  error?: Error,
): CommandFailure {
  return { line, column: undefined, text, how, mismatch: found, error };
}
