import { Labels, type LabelsLike, nativeHistogram } from "@linklight/model";
import { Annotations } from "../annotations/annotations.ts";
import { ABSENT, Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { Value } from "../eval/operator.ts";
import type { BinaryExpr, BinaryOperator, Expr, VectorMatching } from "../syntax/ast.ts";
import { featuresFrom } from "../syntax/features.ts";
import { openBinary } from "./open-binary.ts";

/** A row of samples: a number, a histogram (`H`), or nothing (`null`) at each step. */
export type Row = readonly (number | "H" | null)[];
export type Rows = readonly (readonly [LabelsLike, Row, { dropName?: boolean }?])[];
/** Numbers are a scalar. */
export type Operand = Rows | readonly number[];

const SPAN = { start: 0, end: 5 };
const LEFT: Expr = { kind: "number", span: SPAN, value: 1, isDuration: false };
const RIGHT: Expr = { kind: "number", span: SPAN, value: 2, isDuration: false };
export const NAN = Number.NaN;
export const INF = Infinity;

export interface Options extends Partial<VectorMatching> {
  readonly bool?: boolean;
  readonly delayed?: boolean;
  /** Reads the columns from the last to the first. */
  readonly backwards?: boolean;
}

/** Computes `left operator right`: a row for scalars, else `[labels, row]` in order; with what was remarked. */
export async function compute(
  left: Operand,
  operator: BinaryOperator,
  right: Operand,
  options: Options = {},
) {
  const steps = stepsOf(left) ?? stepsOf(right) ?? 1;
  const annotations = new Annotations();
  const context: EvalContext = {
    queryable: { select: () => ({ series: [] }) },
    steps: { startMs: 0, stepMs: 1000, count: steps },
    query: { startMs: 0, endMs: (steps - 1) * 1000, stepMs: 1000 },
    lookbackDeltaMs: 300_000,
    defaultSubqueryStepMs: 60_000,
    features: featuresFrom(options.delayed === true ? "all" : []),
    annotations,
    budget: {
      spend: () => true,
      pause: () => Promise.resolve(),
      hold: () => undefined,
      release: () => undefined,
    },
    signal: undefined,
    text: "",
    storageWarnings: new Set(),
    around: undefined,
    open: async (expr) => operandOf(expr === LEFT ? left : right),
  };
  const isSet = ["and", "or", "unless"].includes(operator);
  const expr: BinaryExpr = {
    kind: "binary",
    span: SPAN,
    operator,
    left: LEFT,
    right: RIGHT,
    returnBool: options.bool ?? false,
    matching: {
      cardinality: isSet ? "many-to-many" : "one-to-one",
      on: false,
      labels: [],
      include: [],
      fillLeft: undefined,
      fillRight: undefined,
      ...options,
    },
  };
  const value = await openBinary(expr, context);
  if (value.type === "scalar") return { result: [...value.values], remarks: [] };
  if (value.type !== "vector") throw new Error(`a ${value.type}`);
  const { vector } = value;
  const result: [string, Row][] = [];
  const order = [...vector.series.keys()];
  for (const i of options.backwards === true ? order.reverse() : order) {
    const column = new Column(steps);
    // What is left of an earlier use must not matter.
    column.setHistogram(0, nativeHistogram());
    await vector.column(i, column);
    const row = Array.from(column.present, (p, k) =>
      p === ABSENT ? null : p === FLOAT ? (column.values[k] as number) : "H",
    );
    const { labels, dropName } = vector.series[i] as (typeof vector.series)[number];
    result[i] = [`${dropName ? "-" : ""}${labels}`, row];
  }
  return {
    // Series that are nowhere present are no part of a result.
    result: result.filter(([, row]) => row.some((value) => value !== null)),
    remarks: annotations.list().map(({ text }) => text),
  };
}

function isScalar(operand: Operand): operand is readonly number[] {
  return typeof operand[0] === "number";
}

function stepsOf(operand: Operand): number | undefined {
  return isScalar(operand) ? operand.length : operand[0]?.[1].length;
}

function operandOf(operand: Operand): Value {
  if (isScalar(operand)) return { type: "scalar", values: Float64Array.from(operand) };
  return {
    type: "vector",
    vector: {
      series: operand.map(([labels, , { dropName = false } = {}]) => ({
        labels: Labels.from(labels),
        dropName,
      })),
      column(i, into) {
        into.clear();
        for (const [k, value] of (operand[i] as Rows[number])[1].entries()) {
          if (typeof value === "number") into.setFloat(k, value);
          else if (value === "H") into.setHistogram(k, nativeHistogram());
        }
        return i % 2 === 0 ? undefined : Promise.resolve();
      },
    },
  };
}

/** One series of a name. */
export function row(name: string, ...values: Row): Rows {
  return [[{ __name__: name, a: "1" }, values]];
}
