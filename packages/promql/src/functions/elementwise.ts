import { inTurns } from "../eval/budget.ts";
import { ABSENT, type Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { unnamed } from "../eval/merge-same-labels.ts";
import type { Pending, Value, VectorOperator } from "../eval/operator.ts";
import { goExp } from "../number/go-exp.ts";
import { goAcosh, goAsinh, goAtanh, goCosh, goSinh, goTanh } from "../number/go-hyperbolic.ts";
import { goAcos, goAsin, goAtan } from "../number/go-inverse-trig.ts";
import { goLog, goLog2, goLog10 } from "../number/go-log.ts";
import { goCos, goSin, goTan } from "../number/go-trig.ts";
import type { Call } from "../syntax/ast.ts";
import { openScalar, openVector } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { goMax, goMin } from "./scalars.ts";

/**
 * Changes the floats of a column in place, at the steps from `from` to before `to`, of which very many are changed in
 * turns; steps may become absent.
 */
export type ColumnChange = (column: Column, from: number, to: number) => void;

/**
 * A vector whose floats are changed column by column as they are asked for. Their metric names no longer hold, and
 * histograms, which have no such functions, are left out.
 */
export function changeFloats(
  vector: VectorOperator,
  change: ColumnChange,
  context: EvalContext,
): Promise<VectorOperator> {
  const finish = (into: Column): Pending => {
    if (into.histograms !== undefined) dropHistograms(into);
    return inTurns(into.present.length, context.budget, (from, to) => change(into, from, to));
  };
  const changed: VectorOperator = {
    series: vector.series,
    column(i, into) {
      const pending = vector.column(i, into);
      return pending === undefined ? finish(into) : pending.then(() => finish(into));
    },
  };
  return unnamed(changed, context);
}

function dropHistograms(column: Column): void {
  const { present } = column;
  for (let k = 0; k < present.length; k++) if (present[k] !== FLOAT) present[k] = ABSENT;
  column.histograms = undefined;
}

/** A function of one number, applied wherever there is one. */
function each(compute: (value: number) => number): FunctionImplementation {
  const change: ColumnChange = ({ present, values }, from, to) => {
    for (let k = from; k < to; k++)
      if (present[k] !== ABSENT) values[k] = compute(values[k] as number);
  };
  return async (call, context) => ({
    type: "vector",
    vector: await changeFloats(await openVector(call, 0, context), change, context),
  });
}

/** Halves are rounded up; the factor is inverted first, which costs fewer digits, as in Prometheus. */
async function openRound(call: Call, context: EvalContext): Promise<Value> {
  const vector = await openVector(call, 0, context);
  const inverse =
    call.args.length > 1
      ? (await openScalar(call, 1, context)).map((nearest) => 1 / nearest)
      : new Float64Array(context.steps.count).fill(1);
  const round: ColumnChange = ({ values }, from, to) => {
    for (let k = from; k < to; k++) {
      const factor = inverse[k] as number;
      values[k] = Math.floor((values[k] as number) * factor + 0.5) / factor;
    }
  };
  return { type: "vector", vector: await changeFloats(vector, round, context) };
}

/** Which arguments of a clamp are its limits; one that has none is without that limit. */
function clampBetween(minArgument?: number, maxArgument?: number): FunctionImplementation {
  return async (call, context) => {
    const limit = async (i: number | undefined, none: number): Promise<Float64Array> =>
      i === undefined
        ? new Float64Array(context.steps.count).fill(none)
        : await openScalar(call, i, context);
    const vector = await openVector(call, 0, context);
    const min = await limit(minArgument, -Infinity);
    const max = await limit(maxArgument, Infinity);
    const clamp: ColumnChange = ({ present, values }, from, to) => {
      for (let k = from; k < to; k++) {
        if ((max[k] as number) < (min[k] as number)) present[k] = ABSENT;
        else values[k] = goMax(min[k] as number, goMin(max[k] as number, values[k] as number));
      }
    };
    return { type: "vector", vector: await changeFloats(vector, clamp, context) };
  };
}

/** Zeros and NaN keep what they are. */
function sign(value: number): number {
  return value > 0 ? 1 : value < 0 ? -1 : value;
}

/** The functions that change each number of an instant vector. */
export const elementwiseFunctions: Readonly<Record<string, FunctionImplementation>> = {
  abs: each(Math.abs),
  acos: each(goAcos),
  acosh: each(goAcosh),
  asin: each(goAsin),
  asinh: each(goAsinh),
  atan: each(goAtan),
  atanh: each(goAtanh),
  ceil: each(Math.ceil),
  clamp: clampBetween(1, 2),
  clamp_max: clampBetween(undefined, 1),
  clamp_min: clampBetween(1),
  cos: each(goCos),
  cosh: each(goCosh),
  deg: each((value) => (value * 180) / Math.PI),
  exp: each(goExp),
  floor: each(Math.floor),
  ln: each(goLog),
  log10: each(goLog10),
  log2: each(goLog2),
  rad: each((value) => (value * Math.PI) / 180),
  round: openRound,
  sgn: each(sign),
  sin: each(goSin),
  sinh: each(goSinh),
  sqrt: each(Math.sqrt),
  tan: each(goTan),
  tanh: each(goTanh),
};
