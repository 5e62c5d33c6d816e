import { assert } from "@linklight/model";
import { WindowRemarks } from "../annotations/window-remarks.ts";
import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { MatrixOperator, Value, VectorOperator } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import type { FunctionImplementation } from "../functions/function-implementation.ts";
import { formatGoFloat } from "../number/go-format.ts";
import { absentLabels } from "../selector/absent-labels.ts";
import type { Call, Expr } from "../syntax/ast.ts";
import { CountChanges } from "./count-changes.ts";
import { ExtendedRate } from "./extended-rate.ts";
import { ExtrapolatedRate } from "./extrapolated-rate.ts";
import { LastTwo } from "./last-two.ts";
import {
  averageOverTime,
  countOverTime,
  deviationOverTime,
  firstOverTime,
  lastOverTime,
  presentOverTime,
  sumOverTime,
  timeOfFirst,
  timeOfLast,
  varianceOverTime,
} from "./over-time.ts";
import { type OverWindowsOptions, overWindows } from "./over-windows.ts";
import { MedianAbsoluteDeviation, QuantileOverTime } from "./quantile-over-time.ts";
import { Derivative, DoubleExponentialSmoothing, PredictLinear } from "./regression.ts";
import { SlidingExtreme } from "./sliding-extreme.ts";
import type { WindowKernel } from "./window.ts";

/** The functions over range vectors, by name. */
export const windowFunctions: Readonly<Record<string, FunctionImplementation>> = {
  rate: growth(true, true),
  increase: growth(true, false),
  delta: growth(false, false),
  irate: lastTwo(true),
  idelta: lastTwo(false),
  changes: countOf(false),
  resets: countOf(true),
  deriv: floatsOnly(() => new Derivative()),
  predict_linear: floatsOnly(
    async (call, context) => new PredictLinear(await numbers(call.args[1], context)),
  ),
  double_exponential_smoothing: floatsOnly(openSmoothing),
  sum_over_time: oneKind(sumOverTime),
  avg_over_time: oneKind(averageOverTime),
  min_over_time: floatsOnly(() => new SlidingExtreme("least", false)),
  max_over_time: floatsOnly(() => new SlidingExtreme("greatest", false)),
  stddev_over_time: floatsOnly(() => deviationOverTime),
  stdvar_over_time: floatsOnly(() => varianceOverTime),
  quantile_over_time: floatsOnly(openQuantile, 1),
  mad_over_time: floatsOnly(() => new MedianAbsoluteDeviation()),
  ts_of_max_over_time: floatsOnly(() => new SlidingExtreme("greatest", true)),
  ts_of_min_over_time: floatsOnly(() => new SlidingExtreme("least", true)),
  count_over_time: anyKind(countOverTime),
  present_over_time: anyKind(presentOverTime),
  last_over_time: anyKind(lastOverTime, { keepsName: true }),
  first_over_time: anyKind(firstOverTime, { keepsName: true }),
  ts_of_last_over_time: anyKind(timeOfLast),
  ts_of_first_over_time: anyKind(timeOfFirst),
  absent_over_time: openAbsent,
};

function growth(isCounter: boolean, isRate: boolean): FunctionImplementation {
  return async (call, context) => {
    const matrix = await rangeOf(call, 0, context);
    const remarks = new WindowRemarks(context, call);
    const kernel: WindowKernel =
      matrix.extension === undefined
        ? new ExtrapolatedRate(isCounter, isRate, remarks)
        : new ExtendedRate(matrix.extension === "smoothed", isCounter, isRate, remarks);
    if (isCounter) kernel.end = (labels) => remarks.possiblyNoCounter(labels);
    // An extended window is mixed also by the samples around it, which its kernel knows.
    return matrix.extension === undefined
      ? over(matrix, kernel, context, { onMixed: (metricName) => remarks.mixed(metricName) })
      : over(matrix, kernel, context);
  };
}

function lastTwo(isRate: boolean): FunctionImplementation {
  return async (call, context) =>
    over(
      await rangeOf(call, 0, context),
      new LastTwo(isRate, new WindowRemarks(context, call)),
      context,
    );
}

function countOf(resetsOnly: boolean): FunctionImplementation {
  return async (call, context) => {
    const matrix = await rangeOf(call, 0, context);
    return over(matrix, new CountChanges(resetsOnly, matrix.extension !== undefined), context);
  };
}

/** A function that looks at the floats of a window and says so where there are histograms beside them. */
function floatsOnly(
  open: (call: Call, context: EvalContext) => WindowKernel | Promise<WindowKernel>,
  rangeAt = 0,
): FunctionImplementation {
  return async (call, context) => {
    const matrix = await rangeOf(call, rangeAt, context);
    const remarks = new WindowRemarks(context, call, rangeAt);
    return over(matrix, await open(call, context), context, {
      onIgnoredHistograms: (metricName) => remarks.ignoredHistograms(metricName),
    });
  };
}

/** A function that gives nothing for a window of both kinds; what it gives for histograms belongs to their arithmetic. */
function oneKind(kernel: WindowKernel): FunctionImplementation {
  return async (call, context) => {
    const remarks = new WindowRemarks(context, call);
    return over(await rangeOf(call, 0, context), kernel, context, {
      onMixed: (metricName) => remarks.mixed(metricName),
    });
  };
}

function anyKind(kernel: WindowKernel, options: OverWindowsOptions = {}): FunctionImplementation {
  return async (call, context) => over(await rangeOf(call, 0, context), kernel, context, options);
}

/** `absent_over_time`: 1 at the steps at which no series has a sample in its window. */
async function openAbsent(call: Call, context: EvalContext): Promise<Value> {
  const matrix = await rangeOf(call, 0, context);
  const { steps, budget } = context;
  const windows = await overWindows(matrix, presentOverTime, context, { keepsName: true });
  const somewhere = new Uint8Array(steps.count);
  const column = new Column(steps.count);
  const isLate = context.features.has("promql-delayed-name-removal");
  for (let i = 0; i < windows.series.length; i++) {
    const pending = windows.column(i, column);
    if (pending !== undefined) await pending;
    for (let k = 0; k < somewhere.length; k++) if (column.present[k] !== 0) somewhere[k] = 1;
    if (budget.spend(steps.count)) await budget.pause();
  }
  const vector: VectorOperator = {
    // As all functions over range vectors it drops what describes a metric, though there is none: type and unit.
    series: [{ labels: absentLabels(call.args[0] as Expr), dropName: isLate }],
    column(_, into) {
      into.clear();
      for (let k = 0; k < somewhere.length; k++) if (somewhere[k] === 0) into.setFloat(k, 1);
      return undefined;
    },
  };
  return { type: "vector", vector };
}

async function openSmoothing(call: Call, context: EvalContext): Promise<WindowKernel> {
  const smoothing = await numbers(call.args[1], context);
  const trend = await numbers(call.args[2], context);
  return new DoubleExponentialSmoothing(smoothing, trend);
}

async function openQuantile(call: Call, context: EvalContext): Promise<WindowKernel> {
  const quantiles = await numbers(call.args[0], context);
  const { span } = call.args[0] as Expr;
  return new QuantileOverTime(quantiles, (quantile) =>
    context.annotations.warn(
      `quantile value should be between 0 and 1, got ${formatGoFloat(quantile)}`,
      span,
    ),
  );
}

async function over(
  matrix: MatrixOperator,
  kernel: WindowKernel,
  context: EvalContext,
  options: OverWindowsOptions = {},
): Promise<Value> {
  return { type: "vector", vector: await overWindows(matrix, kernel, context, options) };
}

async function rangeOf(call: Call, at: number, context: EvalContext): Promise<MatrixOperator> {
  const value = await context.open(call.args[at] as Expr);
  assert(value.type === "matrix", `${call.name}: argument ${at + 1} of type ${value.type}`);
  refuseExtension(call.name, value.matrix.extension);
  return value.matrix;
}

/** The functions that know what to do with the edges of an extended window. */
const EXTENDED: Readonly<Record<"anchored" | "smoothed", readonly string[]>> = {
  anchored: ["changes", "delta", "increase", "rate", "resets"],
  smoothed: ["delta", "increase", "rate"],
};

function refuseExtension(name: string, extension: MatrixOperator["extension"]): void {
  if (extension === undefined || EXTENDED[extension].includes(name)) return;
  throw executionError(
    `${extension} modifier can only be used with: ${EXTENDED[extension].join(", ")} - not with ${name}`,
  );
}

async function numbers(arg: Expr | undefined, context: EvalContext): Promise<Float64Array> {
  const value = arg === undefined ? undefined : await context.open(arg);
  assert(value?.type === "scalar", "a parameter is a scalar");
  return value.values;
}
