import { SERIES_WORK } from "../eval/budget.ts";
import type { EvalContext } from "../eval/context.ts";
import type { MatrixOperator, OperatorSeries } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import { sortByLabels } from "../order/sort-in-turns.ts";
import { SampleColumns } from "../queryable/sample-columns.ts";
import { finalLabels } from "./collect-result.ts";
import type { MatrixSeries } from "./query-result.ts";

/** The samples within the window of the only step, sorted by labels: what a range selector alone yields. */
export async function collectRange(
  matrix: MatrixOperator,
  { budget }: EvalContext,
): Promise<MatrixSeries[]> {
  const result: MatrixSeries[] = [];
  const samples = new SampleColumns();
  for (let i = 0; i < matrix.series.length; i++) {
    const pending = matrix.samples(i, samples);
    if (pending !== undefined) await pending;
    if (budget.spend(SERIES_WORK + samples.length)) await budget.pause();
    const window =
      matrix.extension === undefined ? samplesInside(samples, matrix) : extended(samples, matrix);
    if (window === undefined) continue;
    budget.hold(window.values.length);
    result.push({ labels: finalLabels(matrix.series[i] as OperatorSeries), ...window });
  }
  return sortByLabels(result, budget);
}

type WindowSamples = Omit<MatrixSeries, "labels">;

/** The samples of the left-open window. */
function samplesInside(
  { timestamps, values, histograms, length }: SampleColumns,
  matrix: MatrixOperator,
): WindowSamples | undefined {
  const end = matrix.windowEnd(0);
  let from = 0;
  while (from < length && (timestamps[from] as number) <= end - matrix.rangeMs) from++;
  let to = length;
  while (to > from && (timestamps[to - 1] as number) > end) to--;
  if (to === from) return undefined;
  return {
    timestamps: timestamps.slice(from, to),
    values: values.slice(from, to),
    histograms: histograms?.slice(from, to),
  };
}

/**
 * The samples of an anchored or smoothed window: those inside its edges, and one at each edge. Anchored, that is the
 * value of the nearest sample at or before the edge (of the first one, where none is before the start); smoothed,
 * the value on the straight line between the samples around it.
 */
function extended(samples: SampleColumns, matrix: MatrixOperator): WindowSamples | undefined {
  if (samples.histograms !== undefined)
    throw executionError("anchored modifier is not supported with histograms");
  const { timestamps, values, length } = samples;
  const end = matrix.windowEnd(0);
  const start = end - matrix.rangeMs;
  let inside = 0;
  while (inside < length && (timestamps[inside] as number) <= start) inside++;
  let after = inside;
  while (after < length && (timestamps[after] as number) < end) after++;
  const isSmoothed = matrix.extension === "smoothed";
  const exact = after < length && (timestamps[after] as number) === end;
  const last = after < length && (isSmoothed || exact) ? after : after - 1;
  // Nothing after the start: then nothing is known of the window but what was before it.
  if (last < inside) return undefined;
  const first = Math.max(0, inside - 1);
  const left = isSmoothed ? onLine(samples, first, start) : (values[first] as number);
  const right = isSmoothed ? onLine(samples, last, end) : (values[last] as number);
  return {
    timestamps: between(start, timestamps.subarray(inside, after), end),
    values: between(left, values.subarray(inside, after), right),
    histograms: undefined,
  };
}

function between(first: number, column: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(column.length + 2);
  longer[0] = first;
  longer.set(column, 1);
  longer[column.length + 1] = last;
  return longer;
}

/** The value at an edge beside sample i: on the line to its neighbour across the edge; that of i where there is none. */
function onLine({ timestamps, values, length }: SampleColumns, i: number, edge: number): number {
  const from = (timestamps[i] as number) < edge ? i : i - 1;
  if (from < 0 || from + 1 >= length || (timestamps[i] as number) === edge)
    return values[i] as number;
  const low = values[from] as number;
  const start = timestamps[from] as number;
  const rise = ((values[from + 1] as number) - low) * (edge - start);
  return low + rise / ((timestamps[from + 1] as number) - start);
}
