import { EXEMPLAR_MAX_CHARACTERS, type Exemplar, type MetricType } from "@linklight/model";
import type { Line, SeriesPart } from "../table.ts";
import { GAUGE_HISTOGRAM_TOTALS, HISTOGRAM_TOTALS } from "./histogram-lines.ts";

/** Tells which lines of a series OpenMetrics allows, by position. The same array for all series without faults. */
export type Judge = (series: number) => readonly number[];

const NONE: readonly number[] = [];

/**
 * What OpenMetrics forbids must not be written, since a strict reader refuses the whole exposition for
 * it: counters that are negative or NaN, counts that are no whole numbers, buckets that do not add up,
 * states other than 0 and 1 … A metric with such a value is left out; of histograms and summaries,
 * where the rest stands for itself, only the offending lines.
 */
export function judge(type: MetricType, part: SeriesPart): Judge {
  const { values, lines } = part;
  const all = [...lines.keys()];
  switch (type) {
    case "counter":
      return (series) => ((values[series] as number) >= 0 ? all : NONE);
    case "info":
      return (series) => (values[series] === 1 ? all : NONE);
    case "stateset":
      return (series) => {
        const at = series * lines.length;
        return all.every((i) => values[at + i] === 0 || values[at + i] === 1) ? all : NONE;
      };
    case "summary":
      return judgeSummary(part, all);
    case "histogram":
    case "gaugehistogram":
      return judgeHistogram(type, part, all);
    case "gauge":
    case "unknown":
      return () => all;
  }
}

/** Quantiles lie in [0, 1], each once, and their values are not negative; neither are sum and count. */
function judgeSummary({ lines, values }: SeriesPart, all: readonly number[]): Judge {
  const shown = all.filter((i) => {
    const { suffix, value } = lines[i] as Line;
    if (suffix !== "") return true;
    const isFirst = lines.findIndex((line) => line.suffix === "" && line.value === value) === i;
    return isFirst && Number(value) >= 0 && Number(value) <= 1;
  });
  const isSound = ({ suffix }: Line, value: number) => {
    if (suffix === "_count") return Number.isInteger(value) && value >= 0;
    return suffix === "_sum" ? value >= 0 : !(value < 0);
  };
  return (series) => {
    const at = series * lines.length;
    const check = (i: number) => isSound(lines[i] as Line, values[at + i] as number);
    return shown.every(check) ? shown : shown.filter(check);
  };
}

/**
 * Buckets ascend to +Inf and their counts are whole numbers that never fall; the count is that of the
 * last bucket. Sum and count stand together or not at all; a histogram with negative bounds has none.
 */
function judgeHistogram(
  type: "histogram" | "gaugehistogram",
  { lines, values }: SeriesPart,
  all: readonly number[],
): Judge {
  const totals = type === "histogram" ? HISTOGRAM_TOTALS : GAUGE_HISTOGRAM_TOTALS;
  const buckets = all.filter((i) => lines[i]?.suffix === "_bucket");
  const bounds = buckets.map((i) => Number(lines[i]?.value));
  const ascends = bounds.every((b, i) => b > (bounds[i - 1] ?? Number.NEGATIVE_INFINITY));
  if (!ascends || bounds.at(-1) !== Number.POSITIVE_INFINITY) return () => NONE;

  const sumAt = lines.findIndex((line) => line.suffix === totals.sum);
  const countAt = lines.findIndex((line) => line.suffix === totals.count);
  const isNegative = (bounds[0] as number) < 0;
  const hasTotals = sumAt >= 0 && countAt >= 0 && !(isNegative && type === "histogram");
  return (series) => {
    const at = series * lines.length;
    let before = 0;
    for (const i of buckets) {
      const count = values[at + i] as number;
      if (!(count >= before) || !Number.isInteger(count)) return NONE;
      before = count;
    }
    if (!hasTotals || values[at + countAt] !== before) return buckets;
    const sum = values[at + sumAt] as number;
    return sum >= 0 || (isNegative && sum < 0) ? all : buckets;
  };
}

/** Whether an exemplar may stand: behind a counter or in its bucket, with labels of at most 128 characters. */
export function allowsExemplar(type: MetricType, line: Line, exemplar: Exemplar): boolean {
  const inBucket = line.suffix === "_bucket" && exemplar.value <= Number(line.value);
  if (!inBucket && type !== "counter") return false;
  let characters = 0;
  for (const [name, value] of exemplar.labels) characters += [...name].length + [...value].length;
  return characters <= EXEMPLAR_MAX_CHARACTERS;
}
