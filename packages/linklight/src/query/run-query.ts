import { once } from "node:events";
import process from "node:process";
import { CommandFailure } from "../failure.ts";
import { type OutputFormat, printValue } from "./print-value.ts";
import {
  type ApiValue,
  askPrometheus,
  NotAnswered,
  type QueriedServer,
} from "./prometheus-query.ts";
import { parseStep, parseTime } from "./query-time.ts";

/** What both kinds of query are given. */
interface QueryRequest extends QueriedServer {
  readonly format: OutputFormat;
  readonly expr: string;
}

/** Five minutes, as promtool. */
const DEFAULT_SPAN_SECONDS = 300;
/** promtool's steps by default. */
const DEFAULT_STEPS = 250;

/** Asks for one time, now where none is given, and prints the answer. Throws CommandFailure. */
export async function queryInstant(
  request: QueryRequest & { readonly time: string | undefined },
): Promise<void> {
  const { time } = request;
  const seconds =
    time === undefined ? nowSeconds() : parseTime(time, "error parsing evaluation time");
  const parameters = { query: request.expr, time: String(seconds) };
  await printAnswer(request, () => askPrometheus(request, "query", parameters));
}

/** Asks from start to end, and prints the answer. Throws CommandFailure. */
export async function queryRange(
  request: QueryRequest & {
    readonly start?: string | undefined;
    readonly end?: string | undefined;
    readonly step?: string | undefined;
  },
): Promise<void> {
  const { expr, step } = request;
  const end =
    request.end === undefined ? nowSeconds() : parseTime(request.end, "error parsing end time");
  const start =
    request.start === undefined
      ? end - DEFAULT_SPAN_SECONDS
      : parseTime(request.start, "error parsing start time");
  if (start >= end) throw new CommandFailure("start time is not before end time");
  const stepSeconds =
    step === undefined ? Math.max(Math.floor((end - start) / DEFAULT_STEPS), 1) : parseStep(step);
  const parameters = {
    query: expr,
    start: String(start),
    end: String(end),
    step: String(stepSeconds),
  };
  await printAnswer(request, () => askPrometheus(request, "query_range", parameters));
}

async function printAnswer(
  { format }: QueryRequest,
  answer: () => Promise<ApiValue>,
): Promise<void> {
  let value: ApiValue;
  try {
    value = await answer();
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error;
    process.stderr.write(`query error: ${error.message}\n`);
    throw new CommandFailure("", undefined, { cause: error });
  }
  // A long answer has to be taken before the process may end.
  if (!process.stdout.write(`${printValue(value, format)}\n`)) await once(process.stdout, "drain");
}

function nowSeconds(): number {
  return Date.now() / 1000;
}
