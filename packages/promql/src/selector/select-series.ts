import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Pending } from "../eval/operator.ts";
import { QueryError } from "../eval/query-error.ts";
import { type Steps, stepTime } from "../eval/steps.ts";
import type { ReadableSeries } from "../queryable/queryable.ts";
import type { SampleColumns } from "../queryable/sample-columns.ts";
import type { VectorSelector } from "../syntax/ast.ts";
import { resolveDuration } from "./resolve-duration.ts";

/** Where a selector or subquery looks: the time of each step, moved by `@` and offset, in ms. */
export interface ReferenceTimes {
  /** Never falls from step to step. */
  at(k: number): number;
  readonly first: number;
  readonly last: number;
}

/** The reference times of a selector: `@` first, then the offset. */
export function referenceTimes(
  { at, offset }: Pick<VectorSelector, "at" | "offset">,
  { steps, query, text }: Pick<EvalContext, "steps" | "query" | "text">,
): ReferenceTimes {
  const offsetMs = offset === undefined ? 0 : resolveDuration(offset, "offset", query, text);
  if (at === undefined) return movedBy(steps, offsetMs);
  const fixed =
    at.at === "timestamp" ? at.timestampMs : at.at === "start" ? query.startMs : query.endMs;
  const time = fixed - offsetMs;
  return { at: () => time, first: time, last: time };
}

function movedBy(steps: Steps, offsetMs: number): ReferenceTimes {
  return {
    at: (k) => stepTime(steps, k) - offsetMs,
    first: stepTime(steps, 0) - offsetMs,
    last: stepTime(steps, steps.count - 1) - offsetMs,
  };
}

/** Asks the storage for the series of a selector. What the storage throws becomes a QueryError that says so. */
export async function selectSeries(
  { matchers }: VectorSelector,
  times: { readonly minTime: number; readonly maxTime: number; readonly rangeMs: number },
  context: EvalContext,
): Promise<readonly ReadableSeries[]> {
  const { queryable, query, signal, storageWarnings, around } = context;
  const selection = { matchers, ...times, stepMs: query.stepMs, around, signal };
  try {
    const answer = queryable.select(selection);
    const { series, warnings = [] } = answer instanceof Promise ? await answer : answer;
    for (const warning of warnings) storageWarnings.add(warning);
    return series;
  } catch (error) {
    throw storageError("expanding series: ", error);
  }
}

/** The series of an answer as operators name them. */
export async function seriesOf(
  readable: readonly ReadableSeries[],
  { budget }: Pick<EvalContext, "budget">,
): Promise<readonly OperatorSeries[]> {
  const series: OperatorSeries[] = [];
  for (const { labels } of readable) {
    series.push({ labels, dropName: false });
    if (budget.spend(1)) await budget.pause();
  }
  return series;
}

/** Reads the samples of a series. What the storage throws becomes a QueryError that says so. */
export function readSamples(
  series: ReadableSeries,
  into: SampleColumns,
  { minTime, maxTime }: { readonly minTime: number; readonly maxTime: number },
): Pending {
  try {
    const pending = series.read(into, minTime, maxTime);
    if (!(pending instanceof Promise)) return undefined;
    return pending.catch((error: unknown) => {
      throw storageError("", error);
    });
  } catch (error) {
    throw storageError("", error);
  }
}

function storageError(prefix: string, error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new QueryError("LINKLIGHT_QUERY_STORAGE", "execution", prefix + message, { cause: error });
}
