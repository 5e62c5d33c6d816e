import type {
  Exemplar,
  HistogramMetric,
  Labels,
  Metric,
  MetricFamily,
  NativeHistogram,
  SummaryMetric,
} from "@linklight/model";
import { type FamilyTable, type Line, SeriesList, type SeriesPart } from "./table.ts";

/**
 * A metric family as tables: metrics that print the same lines share a part, in their order. Families
 * whose metrics differ (other buckets, other quantiles, a sum or none) become several parts, each at the
 * place of its first metric.
 */
export function tabulate(family: MetricFamily): FamilyTable {
  const { name, type, help, unit } = family;
  const parts = new Map<string, PartBuilder>();
  for (const metric of family.metrics) {
    const cells = cellsOf(family, metric);
    const key = keyOf(cells.lines, metric);
    let part = parts.get(key);
    if (part === undefined) {
      part = new PartBuilder(cells.lines);
      parts.set(key, part);
    }
    part.add(metric, cells);
  }
  return { name, type, help, unit, parts: [...parts.values()].map((part) => part.build()) };
}

/** What metrics of one part share. A native histogram without classic buckets never shares with one that has none. */
function keyOf(lines: readonly Line[], metric: Metric): string {
  if (lines === PLAIN_LINES) return "";
  const native = "native" in metric && metric.native !== undefined && metric.buckets.length === 0;
  return JSON.stringify([native, ...lines.map((l) => [l.suffix, String(l.value)])]);
}

/** What one metric prints: its lines, and beside each the value and perhaps an exemplar. */
interface Cells {
  readonly lines: readonly Line[];
  readonly values: readonly number[];
  readonly exemplars: readonly (Exemplar | undefined)[];
}

const PLAIN_LINES: readonly Line[] = [{ suffix: "" }];

function cellsOf(family: MetricFamily, metric: Metric): Cells {
  if ("value" in metric) {
    return { lines: PLAIN_LINES, values: [metric.value], exemplars: [metric.exemplar] };
  }
  if ("buckets" in metric) return histogramCells(metric, family.type === "gaugehistogram");
  if ("quantiles" in metric) return summaryCells(metric);
  return {
    lines: metric.states.map(({ state }) => ({ suffix: "", label: family.name, value: state })),
    values: metric.states.map(({ enabled }) => (enabled ? 1 : 0)),
    exemplars: [],
  };
}

function histogramCells(metric: HistogramMetric, isGauge: boolean): Cells {
  const { buckets, sum, count } = metric;
  const [sumSuffix, countSuffix] = isGauge ? ["_gsum", "_gcount"] : ["_sum", "_count"];
  const totals = totalCells(sum, count, sumSuffix, countSuffix);
  return {
    lines: [
      ...buckets.map((b) => ({ suffix: "_bucket", label: "le", value: b.upperBound })),
      ...totals.lines,
    ],
    values: [...buckets.map((b) => b.cumulativeCount), ...totals.values],
    exemplars: buckets.map((b) => b.exemplar),
  };
}

function summaryCells({ quantiles, sum, count }: SummaryMetric): Cells {
  const totals = totalCells(sum, count, "_sum", "_count");
  return {
    lines: [
      ...quantiles.map((q) => ({ suffix: "", label: "quantile", value: q.quantile })),
      ...totals.lines,
    ],
    values: [...quantiles.map((q) => q.value), ...totals.values],
    exemplars: [],
  };
}

function totalCells(
  sum: number | undefined,
  count: number | undefined,
  sumSuffix: string,
  countSuffix: string,
): Pick<Cells, "lines" | "values"> {
  const lines: Line[] = [];
  const values: number[] = [];
  if (sum !== undefined) {
    lines.push({ suffix: sumSuffix });
    values.push(sum);
  }
  if (count !== undefined) {
    lines.push({ suffix: countSuffix });
    values.push(count);
  }
  return { lines, values };
}

class PartBuilder {
  readonly #lines: readonly Line[];
  readonly #labels: Labels[] = [];
  readonly #values: number[] = [];
  readonly #timestamps: number[] = [];
  readonly #created: number[] = [];
  readonly #exemplars = new Map<number, Exemplar>();
  readonly #natives: (NativeHistogram | undefined)[] = [];
  readonly #nativeExemplars: (readonly Exemplar[] | undefined)[] = [];

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  add(metric: Metric, { values, exemplars }: Cells): void {
    exemplars.forEach((exemplar, i) => {
      if (exemplar !== undefined) this.#exemplars.set(this.#values.length + i, exemplar);
    });
    for (const value of values) this.#values.push(value);
    this.#labels.push(metric.labels);
    this.#timestamps.push(metric.timestamp ?? Number.NaN);
    this.#created.push(metric.createdTimestamp ?? Number.NaN);
    this.#natives.push("buckets" in metric ? metric.native : undefined);
    this.#nativeExemplars.push("buckets" in metric ? metric.exemplars : undefined);
  }

  build(): SeriesPart {
    const isKnown = (n: number) => !Number.isNaN(n);
    const isPresent = (x: unknown) => x !== undefined;
    return {
      lines: this.#lines,
      series: new SeriesList(this.#labels),
      size: this.#labels.length,
      values: Float64Array.from(this.#values),
      ...(this.#timestamps.some(isKnown) && { timestamps: Float64Array.from(this.#timestamps) }),
      ...(this.#created.some(isKnown) && { createdTimestamps: Float64Array.from(this.#created) }),
      ...(this.#exemplars.size > 0 && { exemplars: this.#exemplars }),
      ...(this.#natives.some(isPresent) && { natives: this.#natives }),
      ...(this.#nativeExemplars.some(isPresent) && { nativeExemplars: this.#nativeExemplars }),
    };
  }
}
