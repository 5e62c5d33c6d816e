import { ABSENT, Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { unnamed } from "../eval/merge-same-labels.ts";
import type { Value, VectorOperator } from "../eval/operator.ts";
import { stepTime } from "../eval/steps.ts";
import { absentLabels } from "../selector/absent-labels.ts";
import { openVectorSelector } from "../selector/vector-selector.ts";
import type { Call } from "../syntax/ast.ts";
import { argument, openVector, withoutParens } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** The time of each sample in seconds: of a plain selector its own, of everything else that of the step. */
async function openTimestamp(call: Call, context: EvalContext): Promise<Value> {
  const arg = withoutParens(argument(call, 0));
  const times =
    arg.kind === "vectorSelector"
      ? await openVectorSelector(arg, context, "timestamp")
      : timesOfSteps(await openVector(call, 0, context), context);
  return { type: "vector", vector: await unnamed(times, context) };
}

function timesOfSteps(vector: VectorOperator, { steps }: EvalContext): VectorOperator {
  const fill = (into: Column): void => {
    for (let k = 0; k < into.present.length; k++) {
      if (into.present[k] !== ABSENT) into.present[k] = FLOAT;
      into.values[k] = stepTime(steps, k) / 1000;
    }
    into.histograms = undefined;
  };
  return {
    series: vector.series,
    column(i, into) {
      const pending = vector.column(i, into);
      if (pending !== undefined) return pending.then(() => fill(into));
      fill(into);
      return undefined;
    },
  };
}

/** The start timestamps of samples in seconds, which only a plain selector knows, and only with the feature for it. */
async function openStartTimestamp(call: Call, context: EvalContext): Promise<Value> {
  const arg = withoutParens(argument(call, 0));
  if (arg.kind === "vectorSelector" && context.features.has("use-start-timestamps"))
    return {
      type: "vector",
      vector: await unnamed(await openVectorSelector(arg, context, "startTimestamp"), context),
    };
  const { series } = await openVector(call, 0, context);
  const nothing: VectorOperator = { series, column: (_, into) => into.clear() as undefined };
  return { type: "vector", vector: await unnamed(nothing, context) };
}

/** 1 at every step at which no series has a sample, with the labels that the selector asks for. */
async function openAbsent(call: Call, context: EvalContext): Promise<Value> {
  const vector = await openVector(call, 0, context);
  const { steps, budget } = context;
  const labels = absentLabels(argument(call, 0));
  const fill = async (into: Column): Promise<void> => {
    into.clear();
    into.present.fill(FLOAT);
    into.values.fill(1);
    const column = new Column(steps.count);
    for (let i = 0; i < vector.series.length; i++) {
      const pending = vector.column(i, column);
      if (pending !== undefined) await pending;
      for (let k = 0; k < column.present.length; k++)
        if (column.present[k] !== ABSENT) into.present[k] = ABSENT;
      if (budget.spend(steps.count)) await budget.pause();
    }
  };
  return {
    type: "vector",
    vector: { series: [{ labels, dropName: false }], column: (_, into) => fill(into) },
  };
}

/** The functions that look at how their argument is written. */
export const selectorFunctions: Readonly<Record<string, FunctionImplementation>> = {
  absent: openAbsent,
  start_timestamp: openStartTimestamp,
  timestamp: openTimestamp,
};
