import { METRIC_NAME } from "@linklight/model";
import type { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { renamed, SAME_LABELS } from "../eval/merge-same-labels.ts";
import { dropMetricName } from "../eval/metric-name.ts";
import type { OperatorSeries, Value, VectorOperator } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import { stepTime } from "../eval/steps.ts";
import { argument, openScalar, openVector, stringArgument } from "../functions/arguments.ts";
import type { FunctionImplementation } from "../functions/function-implementation.ts";
import { formatGoFloat } from "../number/go-format.ts";
import type { Call, Expr } from "../syntax/ast.ts";
import type { BucketCounts, ForcedMonotonicity } from "./bucket-counts.ts";
import { bucketFraction } from "./bucket-fraction.ts";
import { bucketQuantile } from "./bucket-quantile.ts";
import { type BucketVector, forMetric, openBuckets } from "./bucket-vector.ts";
import type { BucketGroup } from "./group-buckets.ts";
import { nativeSummaryFunctions } from "./native-summaries.ts";

/** What becomes of a histogram at step k; undefined for nothing. */
type Compute = (buckets: BucketCounts, k: number) => number | undefined;

/** One output series: a histogram, and what is computed of it. */
interface Output {
  readonly series: OperatorSeries;
  readonly group: BucketGroup;
  readonly compute: Compute;
}

async function openOutputs(
  buckets: BucketVector,
  outputs: readonly Output[],
  context: EvalContext,
): Promise<Value> {
  const fill = ({ compute }: Output, into: Column): void => {
    into.clear();
    for (let k = 0; k < into.present.length; k++) {
      const histogram = buckets.at(k);
      const value = histogram === undefined ? undefined : compute(histogram, k);
      if (value !== undefined) into.setFloat(k, value);
    }
  };
  const computed: VectorOperator = {
    series: outputs.map(({ series }) => series),
    column(i, into) {
      const output = outputs[i] as Output;
      const pending = buckets.load(output.group);
      if (pending !== undefined) return pending.then(() => fill(output, into));
      fill(output, into);
      return undefined;
    },
  };
  return {
    type: "vector",
    vector: await renamed(computed, (series) => dropMetricName(series, context), context),
  };
}

/** A histogram is named by its labels; what is computed of it has no metric name. */
function unnamed({ labels }: BucketGroup, context: EvalContext): OperatorSeries {
  return dropMetricName({ labels, dropName: false }, context);
}

/** `histogram_quantile(φ, v)` */
async function openQuantile(call: Call, context: EvalContext): Promise<Value> {
  const quantiles = await openScalar(call, 0, context);
  warnOfQuantiles(quantiles, argument(call, 0), context);
  const vector = argument(call, 1);
  const buckets = await openBuckets(await openVector(call, 1, context), vector.span, context);
  const outputs = buckets.groups.map((group): Output => {
    const tell = tellerOf(group, vector, context);
    return {
      series: unnamed(group, context),
      group,
      compute(histogram, k) {
        const value = bucketQuantile(quantiles[k] as number, histogram);
        if (histogram.forced !== undefined) tell(histogram.forced, k);
        return value;
      },
    };
  });
  return openOutputs(buckets, outputs, context);
}

/** `histogram_quantiles(v, label, φ, …)`: a series for each histogram and each φ there is at any step. */
async function openQuantiles(call: Call, context: EvalContext): Promise<Value> {
  const vector = argument(call, 0);
  const buckets = await openBuckets(await openVector(call, 0, context), vector.span, context);
  const label = stringArgument(call, 1);
  const quantiles: Float64Array[] = [];
  for (let i = 2; i < call.args.length; i++) {
    const values = await openScalar(call, i, context);
    warnOfQuantiles(values, argument(call, i), context);
    quantiles.push(values);
  }
  const texts = new Set(quantiles.flatMap((values) => Array.from(new Set(values), quantileLabel)));
  const outputs = buckets.groups.flatMap((group) => {
    const tell = tellerOf(group, vector, context);
    const { labels, dropName } = unnamed(group, context);
    return [...texts].map((text): Output => {
      const at = stepsOf(text, quantiles, context.steps.count);
      const q = Number(text.replace("Inf", "Infinity"));
      return {
        series: { labels: labels.with(label, text), dropName },
        group,
        compute(histogram, k) {
          if (at[k] === 0) return undefined;
          // The same quantile twice would be the same series twice.
          if ((at[k] as number) > 1) throw executionError(SAME_LABELS);
          const value = bucketQuantile(q, histogram);
          if (histogram.forced !== undefined) tell(histogram.forced, k);
          return value;
        },
      };
    });
  });
  return openOutputs(buckets, outputs, context);
}

/** How many of the quantiles have the text at each step. */
function stepsOf(text: string, quantiles: readonly Float64Array[], steps: number): Uint8Array {
  const count = new Uint8Array(steps);
  for (const values of quantiles)
    for (let k = 0; k < steps; k++)
      if (quantileLabel(values[k] as number) === text) count[k] = (count[k] as number) + 1;
  return count;
}

/** A quantile as OpenMetrics writes it: always with a point or an exponent. */
function quantileLabel(quantile: number): string {
  const text = formatGoFloat(quantile === 0 ? 0 : quantile);
  return Number.isFinite(quantile) && !/[.e]/.test(text) ? `${text}.0` : text;
}

/** `histogram_fraction(lower, upper, v)` */
async function openFraction(call: Call, context: EvalContext): Promise<Value> {
  const lower = await openScalar(call, 0, context);
  const upper = await openScalar(call, 1, context);
  const vector = await openVector(call, 2, context);
  const buckets = await openBuckets(vector, argument(call, 2).span, context);
  const outputs = buckets.groups.map((group): Output => {
    return {
      series: unnamed(group, context),
      group,
      compute: (histogram, k) => bucketFraction(lower[k] as number, upper[k] as number, histogram),
    };
  });
  return openOutputs(buckets, outputs, context);
}

function warnOfQuantiles(values: Float64Array, expr: Expr, { annotations }: EvalContext): void {
  for (const value of new Set(values))
    if (!(value >= 0 && value <= 1))
      annotations.warn(
        `quantile value should be between 0 and 1, got ${formatGoFloat(value)}`,
        expr.span,
      );
}

const CORRECTED =
  "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

/** Tells of the steps at which the counts of a histogram had to be made to rise: of each step once. */
function tellerOf(
  { labels }: BucketGroup,
  { span }: Expr,
  { annotations, features, steps }: EvalContext,
): (forced: ForcedMonotonicity, k: number) => void {
  // Where names fall at once, the name has fallen already.
  const isNamed = features.has("promql-delayed-name-removal");
  const text = CORRECTED + forMetric(isNamed ? labels.get(METRIC_NAME) : "");
  let told: Uint8Array | undefined;
  return (forced, k) => {
    told ??= new Uint8Array(steps.count);
    if (told[k] === 1) return;
    told[k] = 1;
    annotations.informOfCorrection(text, { ...forced, timestampMs: stepTime(steps, k) }, span);
  };
}

/** The functions over histograms. */
export const histogramFunctions: Readonly<Record<string, FunctionImplementation>> = {
  ...nativeSummaryFunctions,
  histogram_fraction: openFraction,
  histogram_quantile: openQuantile,
  histogram_quantiles: openQuantiles,
};
