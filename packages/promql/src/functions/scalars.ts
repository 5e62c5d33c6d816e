import { Labels } from "@linklight/model";
import { Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { Value, VectorOperator } from "../eval/operator.ts";
import { stepTime } from "../eval/steps.ts";
import type { Call } from "../syntax/ast.ts";
import { openScalar, openVector } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** A scalar that is the same at every step. */
function constant(numberOf: (context: EvalContext) => number): FunctionImplementation {
  return async (_, context) => ({
    type: "scalar",
    values: new Float64Array(context.steps.count).fill(numberOf(context)),
  });
}

/** A scalar made of two others, step by step. */
function ofTwo(compute: (a: number, b: number) => number): FunctionImplementation {
  return async (call, context) => {
    const a = await openScalar(call, 0, context);
    const b = await openScalar(call, 1, context);
    return { type: "scalar", values: a.map((value, k) => compute(value, b[k] as number)) };
  };
}

async function openTime(_: Call, { steps }: EvalContext): Promise<Value> {
  const values = new Float64Array(steps.count);
  for (let k = 0; k < values.length; k++) values[k] = stepTime(steps, k) / 1000;
  return { type: "scalar", values };
}

/** The value of the only series that has a float, NaN where there is none or more than one. */
async function openScalarOf(call: Call, context: EvalContext): Promise<Value> {
  const { steps, budget } = context;
  const vector = await openVector(call, 0, context);
  const values = new Float64Array(steps.count).fill(Number.NaN);
  const found = new Uint8Array(steps.count);
  const column = new Column(steps.count);
  for (let i = 0; i < vector.series.length; i++) {
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    for (let k = 0; k < values.length; k++) {
      if (column.present[k] !== FLOAT) continue;
      values[k] = found[k] === 0 ? (column.values[k] as number) : Number.NaN;
      found[k] = 1;
    }
    if (budget.spend(steps.count)) await budget.pause();
  }
  return { type: "scalar", values };
}

async function openVectorOf(call: Call, context: EvalContext): Promise<Value> {
  return { type: "vector", vector: vectorOfNumbers(await openScalar(call, 0, context)) };
}

/** One series without labels, with a number at every step. */
export function vectorOfNumbers(numbers: Float64Array): VectorOperator {
  return {
    series: [{ labels: Labels.EMPTY, dropName: false }],
    column(_, into) {
      into.present.fill(FLOAT);
      into.values.set(numbers);
      into.histograms = undefined;
      return undefined;
    },
  };
}

/** The greater number, as Go's `math.Max` has it: NaN when either is, unless the other is +Infinity. */
export function goMax(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

/** The smaller number, as Go's `math.Min` has it: NaN when either is, unless the other is −Infinity. */
export function goMin(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

/** The functions that give or take scalars. Times and durations are in seconds. */
export const scalarFunctions: Readonly<Record<string, FunctionImplementation>> = {
  end: constant(({ query }) => query.endMs / 1000),
  max_of: ofTwo(goMax),
  min_of: ofTwo(goMin),
  pi: constant(() => Math.PI),
  range: constant(({ query }) => (query.endMs - query.startMs) / 1000),
  scalar: openScalarOf,
  start: constant(({ query }) => query.startMs / 1000),
  step: constant(({ query }) => query.stepMs / 1000),
  time: openTime,
  vector: openVectorOf,
};
