import { Labels } from "@linklight/model";
import { Annotations } from "../annotations/annotations.ts";
import { settleAnnotations } from "../annotations/settle-annotations.ts";
import type { EvalContext } from "../eval/context.ts";
import { createContext } from "../eval/open-expr.ts";
import type { Value } from "../eval/operator.ts";
import { QueryError } from "../eval/query-error.ts";
import type { Steps } from "../eval/steps.ts";
import type { OpenObserver } from "../explain/open-observer.ts";
import type { Queryable } from "../queryable/queryable.ts";
import type { Expr } from "../syntax/ast.ts";
import { type Features, featuresFrom } from "../syntax/features.ts";
import { parseExpr } from "../syntax/parser.ts";
import { valueType } from "../syntax/value-type.ts";
import { collectRange } from "./collect-range.ts";
import { collectMatrix, collectVector } from "./collect-result.ts";
import type { EngineOptions, InstantQuery, RangeQuery } from "./engine-options.ts";
import { yieldToEventLoop } from "./event-loop.ts";
import { canceled, QueryBudget, timedOut } from "./query-budget.ts";
import type { QueryResult, QueryValue } from "./query-result.ts";

const MINUTE_MS = 60_000;

/** What a query is asked with, for both kinds. */
interface Asked {
  readonly query: string;
  readonly steps: Steps;
  readonly range: EvalContext["query"];
  readonly signal: AbortSignal | undefined;
  readonly lookbackDeltaMs: number;
  readonly timeoutMs: number;
  readonly observer: OpenObserver | undefined;
}

/**
 * Evaluates PromQL over any {@link Queryable}, as Prometheus 3.14 does.
 *
 * ```ts
 * const engine = new Engine();
 * const { value } = await engine.instant(storage, { query: "sum(rate(rx_packets_total[5m]))", timeMs: Date.now() });
 * ```
 * Both kinds of query throw RangeError for times that are no numbers, ParseError for a text that is no query, and QueryError, with Prometheus' words and
 * `errorType`, for one that has no result: too many samples, too many points, out of time, cancelled, or
 * data that do not allow it. Queries may run at the same time; none keeps the event loop for more than 10 ms.
 */
export class Engine {
  readonly #options: Required<Omit<EngineOptions, "features">>;
  readonly #features: Features;

  constructor(options: EngineOptions = {}) {
    const { features = [], ...others } = options;
    this.#features = featuresFrom(features);
    this.#options = {
      lookbackDeltaMs: 5 * MINUTE_MS,
      defaultSubqueryStepMs: MINUTE_MS,
      maxSamples: 50_000_000,
      timeoutMs: 2 * MINUTE_MS,
      maxPointsPerSeries: 11_000,
      now: () => performance.now(),
      yieldToEventLoop,
      ...others,
    };
  }

  /** What is on. */
  get features(): Features {
    return this.#features;
  }

  /** The value of an expression at one moment: an instant vector, a scalar, a string, or the samples of a range. */
  async instant(queryable: Queryable, asked: InstantQuery): Promise<QueryResult> {
    const { query, timeMs } = asked;
    requireFinite("timeMs", timeMs);
    return this.#run(queryable, {
      ...this.#asked(asked),
      query,
      steps: { startMs: timeMs, stepMs: 1, count: 1 },
      range: { startMs: timeMs, endMs: timeMs, stepMs: 0 },
    });
  }

  /** The value of an expression at every step: a matrix, sorted by labels. */
  async range(queryable: Queryable, asked: RangeQuery): Promise<QueryResult> {
    const { query, startMs, endMs, stepMs } = asked;
    requireFinite("startMs", startMs);
    requireFinite("endMs", endMs);
    requireFinite("stepMs", stepMs);
    if (!(stepMs > 0))
      throw badData(
        "zero or negative query resolution step widths are not accepted. Try a positive integer",
      );
    if (endMs < startMs) throw badData("end timestamp must not be before start time");
    const count = Math.floor((endMs - startMs) / stepMs) + 1;
    const { maxPointsPerSeries } = this.#options;
    // As Prometheus: the steps, not their ends, so one point more.
    if (count - 1 > maxPointsPerSeries)
      throw badData(
        `exceeded maximum resolution of ${maxPointsPerSeries.toLocaleString("en-US")} points per timeseries. Try decreasing the query resolution (?step=XX)`,
        "LINKLIGHT_QUERY_TOO_MANY_POINTS",
      );
    return this.#run(queryable, {
      ...this.#asked(asked),
      query,
      steps: { startMs, stepMs, count },
      range: { startMs, endMs, stepMs },
    });
  }

  #asked({
    signal,
    lookbackDeltaMs = 0,
    timeoutMs,
    observer,
  }: Omit<InstantQuery, "query" | "timeMs">) {
    return {
      signal,
      observer,
      // A lookback of nothing would find nothing: as in Prometheus, it means the engine's.
      lookbackDeltaMs: lookbackDeltaMs > 0 ? lookbackDeltaMs : this.#options.lookbackDeltaMs,
      timeoutMs: Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, this.#options.timeoutMs),
    };
  }

  async #run(queryable: Queryable, asked: Asked): Promise<QueryResult> {
    const expr = parseExpr(asked.query, { features: this.#features });
    const isRange = asked.range.stepMs > 0;
    if (isRange) refuseForRange(expr);
    const end = new AbortController();
    const { now } = this.#options;
    const budget = new QueryBudget({
      maxSamples: this.#options.maxSamples,
      deadlineMs: now() + asked.timeoutMs,
      now,
      yieldToEventLoop: this.#options.yieldToEventLoop,
      signal: asked.signal,
    });
    const context = createContext({
      queryable,
      steps: asked.steps,
      query: asked.range,
      lookbackDeltaMs: asked.lookbackDeltaMs,
      defaultSubqueryStepMs: this.#options.defaultSubqueryStepMs,
      features: this.#features,
      annotations: new Annotations(),
      budget,
      signal: end.signal,
      text: asked.query,
      storageWarnings: new Set(),
      around: undefined,
      observer: asked.observer,
    });
    const value = await orEnd(evaluate(expr, context, isRange), asked, end, budget);
    return {
      value,
      annotations: settleAnnotations(context.annotations.list(), expr),
      storageWarnings: [...context.storageWarnings],
      peakSamples: budget.peakSamples,
    };
  }
}

async function evaluate(expr: Expr, context: EvalContext, isRange: boolean): Promise<QueryValue> {
  context.budget.hold(0);
  const value = await context.open(expr);
  return isRange ? rangeResult(value, context) : instantResult(value, context);
}

async function instantResult(value: Value, context: EvalContext): Promise<QueryValue> {
  const timestamp = context.steps.startMs;
  switch (value.type) {
    case "scalar":
      return { type: "scalar", timestamp, value: value.values[0] as number };
    case "string":
      return { type: "string", timestamp, value: value.value };
    case "vector":
      return { type: "vector", samples: await collectVector(value.vector, context) };
    case "matrix":
      return { type: "matrix", series: await collectRange(value.matrix, context) };
  }
}

async function rangeResult(value: Value, context: EvalContext): Promise<QueryValue> {
  if (value.type === "vector")
    return { type: "matrix", series: await collectMatrix(value.vector, context) };
  const { steps } = context;
  const values = value.type === "scalar" ? value.values : new Float64Array(steps.count);
  const timestamps = values.map((_, k) => steps.startMs + k * steps.stepMs);
  return {
    type: "matrix",
    series: [{ labels: Labels.EMPTY, timestamps, values, histograms: undefined }],
  };
}

/** Ends a query that waits for a storage which does not answer: by its time-out, or when it is cancelled. */
async function orEnd<T>(
  work: Promise<T>,
  { signal, timeoutMs }: Asked,
  end: AbortController,
  budget: QueryBudget,
): Promise<T> {
  budget.check();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    onAbort = () => reject(canceled());
    signal?.addEventListener("abort", onAbort);
    if (Number.isFinite(timeoutMs))
      timer = setTimeout(() => reject(timedOut()), Math.min(timeoutMs, 2 ** 31 - 1));
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    end.abort();
    // Should the work come to its own end later, nobody waits for it.
    work.catch(() => {});
  }
}

function requireFinite(name: string, milliseconds: number): void {
  if (!Number.isFinite(milliseconds))
    throw new RangeError(`${name} must be a time in milliseconds, got ${milliseconds}`);
}

function refuseForRange(expr: Expr): void {
  const type = valueType(expr);
  if (type === "matrix" || type === "string")
    throw badData(
      `invalid expression type "${type === "matrix" ? "range vector" : type}" for range query, must be Scalar or instant Vector`,
    );
}

function badData(
  message: string,
  code: "LINKLIGHT_QUERY_RANGE" | "LINKLIGHT_QUERY_TOO_MANY_POINTS" = "LINKLIGHT_QUERY_RANGE",
): QueryError {
  return new QueryError(code, "bad_data", message);
}
