import { Labels, type LabelsLike, nativeHistogram } from "@linklight/model";
import { Annotations } from "../annotations/annotations.ts";
import { ABSENT, Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { Value } from "../eval/operator.ts";
import type { AggregateExpr, AggregateOperator, Expr } from "../syntax/ast.ts";
import { featuresFrom } from "../syntax/features.ts";
import { openAggregate } from "./open-aggregate.ts";

/** A row of samples: a number, a histogram (`H`), or nothing (`null`) at each step. */
export type Row = readonly (number | "H" | null)[];
export type Rows = readonly (readonly [LabelsLike, Row, { dropName?: boolean }?])[];

const INPUT: Expr = {
  kind: "number",
  span: { start: 4, end: 5 },
  value: 1,
  isDuration: false,
};
const PARAM: Expr = {
  kind: "number",
  span: { start: 2, end: 3 },
  value: 2,
  isDuration: false,
};

export interface Options {
  readonly param?: readonly number[] | string;
  readonly by?: readonly string[];
  readonly without?: readonly string[];
}

/** Aggregates rows; the result as `[labels, row]` in its order, with what was remarked. */
export async function aggregate(operator: AggregateOperator, rows: Rows, options: Options = {}) {
  const steps = rows[0]?.[1].length ?? (Array.isArray(options.param) ? options.param.length : 1);
  const annotations = new Annotations();
  let held = 0;
  const values: [Expr, Value][] = [
    [INPUT, vectorOf(rows)],
    [
      PARAM,
      typeof options.param === "string"
        ? { type: "string", value: options.param }
        : { type: "scalar", values: Float64Array.from(options.param ?? []) },
    ],
  ];
  const context: EvalContext = {
    queryable: { select: () => ({ series: [] }) },
    steps: { startMs: 0, stepMs: 1000, count: steps },
    query: { startMs: 0, endMs: (steps - 1) * 1000, stepMs: 1000 },
    lookbackDeltaMs: 300_000,
    defaultSubqueryStepMs: 60_000,
    features: featuresFrom("all"),
    annotations,
    budget: {
      spend: () => true,
      pause: () => Promise.resolve(),
      hold: (samples) => {
        held += samples;
      },
      release: (samples) => {
        held -= samples;
      },
    },
    signal: undefined,
    text: "",
    storageWarnings: new Set(),
    around: undefined,
    open: async (expr) => (values.find(([known]) => known === expr) as [Expr, Value])[1],
  };
  const expr: AggregateExpr = {
    kind: "aggregate",
    span: { start: 0, end: 6 },
    operator,
    expr: INPUT,
    param: options.param === undefined ? undefined : PARAM,
    grouping: options.by ?? options.without ?? [],
    without: options.without !== undefined,
  };
  const value = await openAggregate(expr, context);
  if (value.type !== "vector") throw new Error(`a ${value.type}`);
  const column = new Column(steps);
  const result = value.vector.series.map(({ labels, dropName }, i) => {
    void value.vector.column(i, column);
    const row = Array.from(column.present, (p, k) =>
      p === ABSENT ? null : p === FLOAT ? (column.values[k] as number) : "H",
    );
    return [`${dropName ? "-" : ""}${labels}`, row] as const;
  });
  return { result, remarks: annotations.list().map(({ text }) => text), held };
}

function vectorOf(rows: Rows): Value {
  const series = rows.map(([labels, , { dropName = false } = {}]) => ({
    labels: Labels.from(labels),
    dropName,
  }));
  return {
    type: "vector",
    vector: {
      series,
      column(i, into) {
        into.clear();
        for (const [k, value] of (rows[i] as Rows[number])[1].entries()) {
          if (typeof value === "number") into.setFloat(k, value);
          else if (value === "H") into.setHistogram(k, nativeHistogram());
        }
        return i % 2 === 0 ? undefined : Promise.resolve();
      },
    },
  };
}

export function unnamed(rows: readonly Row[]): Rows {
  return rows.map((row, i) => [{ i: String(i) }, row]);
}

export const NAN = Number.NaN;
export const INF = Infinity;
export const BIG = 9.988465674311579e307;
