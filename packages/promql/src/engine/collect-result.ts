import { SERIES_WORK } from "../eval/budget.ts";
import { ABSENT, Column, FLOAT, HISTOGRAM } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { addColumn, SAME_LABELS } from "../eval/merge-same-labels.ts";
import { withoutMetricName } from "../eval/metric-name.ts";
import type { OperatorSeries, VectorOperator } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import { stepTime } from "../eval/steps.ts";
import { sortByLabels } from "../order/sort-in-turns.ts";
import type { MatrixSeries, VectorSample } from "./query-result.ts";

/** The samples of an instant vector at the only step, in the operator's order. Late names are dropped now. */
export async function collectVector(
  vector: VectorOperator,
  { steps, budget }: EvalContext,
): Promise<VectorSample[]> {
  const samples: VectorSample[] = [];
  // An operator's series differ; in a result they may be equal once late names are gone.
  const seen = vector.series.some(({ dropName }) => dropName) ? new Set<string>() : undefined;
  const timestamp = stepTime(steps, 0);
  const column = new Column(1);
  for (let i = 0; i < vector.series.length; i++) {
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    if (budget.spend(SERIES_WORK)) await budget.pause();
    const value = column.present[0] === HISTOGRAM ? column.histograms?.[0] : column.values[0];
    if (column.present[0] === ABSENT || value === undefined) continue;
    budget.hold(1);
    const labels = finalLabels(vector.series[i] as OperatorSeries);
    if (seen?.has(labels.key) === true) throw executionError(SAME_LABELS);
    seen?.add(labels.key);
    samples.push({ labels, timestamp, value });
  }
  return samples;
}

/** All series of an instant vector that have a sample at any step, sorted by labels. Late names are dropped now. */
export async function collectMatrix(
  vector: VectorOperator,
  { steps, budget }: EvalContext,
): Promise<MatrixSeries[]> {
  const timestamps = Float64Array.from({ length: steps.count }, (_, k) => stepTime(steps, k));
  const columns = new Map<string, Column>();
  const series: { readonly labels: OperatorSeries["labels"]; readonly column: Column }[] = [];
  let spare: Column | undefined;
  for (let i = 0; i < vector.series.length; i++) {
    const column = spare ?? new Column(steps.count);
    spare = undefined;
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    if (budget.spend(SERIES_WORK + steps.count)) await budget.pause();
    const labels = finalLabels(vector.series[i] as OperatorSeries);
    const same = columns.get(labels.key);
    if (isEmpty(column)) spare = column;
    else if (same === undefined) {
      budget.hold(steps.count);
      columns.set(labels.key, column);
      series.push({ labels, column });
    } else {
      addColumn(column, same);
      spare = column;
    }
  }
  const sorted = await sortByLabels(series, budget);
  const result: MatrixSeries[] = [];
  for (const { labels, column } of sorted) {
    result.push(matrixSeries(labels, column, timestamps));
    if (budget.spend(SERIES_WORK + steps.count)) await budget.pause();
  }
  return result;
}

/** The label set of a series in a result: late names, with type and unit, are dropped now. */
export function finalLabels({ labels, dropName }: OperatorSeries): OperatorSeries["labels"] {
  return dropName ? withoutMetricName(labels) : labels;
}

function isEmpty({ present }: Column): boolean {
  return present.indexOf(FLOAT) < 0 && present.indexOf(HISTOGRAM) < 0;
}

function matrixSeries(
  labels: OperatorSeries["labels"],
  column: Column,
  timestamps: Float64Array,
): MatrixSeries {
  if (column.histograms !== undefined) return mixedSeries(labels, column, timestamps);
  const { present, values } = column;
  // Most series begin and end once: their samples stand side by side, and need not be copied.
  const first = present.indexOf(FLOAT);
  const end = present.lastIndexOf(FLOAT) + 1;
  let count = 0;
  for (let k = first; k < end; k++) count += present[k] as number;
  if (count === present.length) return { labels, timestamps, values, histograms: undefined };
  if (count === end - first)
    return {
      labels,
      timestamps: timestamps.subarray(first, end),
      values: values.subarray(first, end),
      histograms: undefined,
    };
  const kept = { timestamps: new Float64Array(count), values: new Float64Array(count) };
  for (let k = first, i = 0; k < end; k++) {
    if (present[k] === ABSENT) continue;
    kept.timestamps[i] = timestamps[k] as number;
    kept.values[i] = values[k] as number;
    i++;
  }
  return { labels, ...kept, histograms: undefined };
}

/** A series that has, or had before they were taken away, native histograms. */
function mixedSeries(
  labels: OperatorSeries["labels"],
  { present, values, histograms }: Column,
  timestamps: Float64Array,
): MatrixSeries {
  const count = present.reduce((sum, kind) => sum + (kind === ABSENT ? 0 : 1), 0);
  const kept = { timestamps: new Float64Array(count), values: new Float64Array(count) };
  const keptHistograms: MatrixSeries["histograms"] & unknown[] = [];
  let hasHistograms = false;
  for (let k = 0, i = 0; k < present.length; k++) {
    if (present[k] === ABSENT) continue;
    const isHistogram = present[k] === HISTOGRAM;
    kept.timestamps[i] = timestamps[k] as number;
    kept.values[i] = isHistogram ? Number.NaN : (values[k] as number);
    keptHistograms[i] = isHistogram ? histograms?.[k] : undefined;
    hasHistograms ||= isHistogram;
    i++;
  }
  return { labels, ...kept, histograms: hasHistograms ? keptHistograms : undefined };
}
