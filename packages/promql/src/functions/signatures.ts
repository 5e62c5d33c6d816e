import type { ValueType } from "../syntax/ast.ts";

/** The name and the types of a function. */
export interface FunctionSignature {
  readonly name: string;
  readonly argTypes: readonly ValueType[];
  /**
   * 0: exactly `argTypes`. n > 0: the last of `argTypes` may be left out, or be given up to n times.
   * −1: the last may be left out, or be given any number of times (as in Prometheus).
   */
  readonly variadic: number;
  readonly returnType: ValueType;
  /** Needs the feature `promql-experimental-functions`. */
  readonly experimental: boolean;
}

/** Functions that share their types: the arguments, what comes out, and the names, separated by blanks. */
interface Family {
  readonly args: readonly ValueType[];
  readonly variadic?: number;
  readonly returns?: ValueType;
  readonly stable?: string;
  readonly experimental?: string;
}

const FAMILIES: readonly Family[] = [
  {
    args: ["vector"],
    stable: `abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg
      histogram_count histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh
      sort sort_desc sqrt tan tanh timestamp`,
    experimental: "start_timestamp",
  },
  {
    args: ["matrix"],
    stable: `absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta
      increase irate last_over_time max_over_time min_over_time present_over_time rate resets
      stddev_over_time stdvar_over_time sum_over_time`,
    experimental: `mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time
      ts_of_min_over_time`,
  },
  // Without an argument they speak of the time of evaluation.
  {
    args: ["vector"],
    variadic: 1,
    stable: "day_of_month day_of_week day_of_year days_in_month hour minute month year",
  },
  { args: ["vector", "scalar"], stable: "clamp_max clamp_min" },
  { args: ["vector", "scalar"], variadic: 1, stable: "round" },
  { args: ["vector", "scalar", "scalar"], stable: "clamp" },
  { args: ["scalar", "vector"], stable: "histogram_quantile" },
  { args: ["scalar", "scalar", "vector"], stable: "histogram_fraction" },
  // Ten quantiles at most.
  {
    args: ["vector", "string", "scalar", "scalar"],
    variadic: 9,
    experimental: "histogram_quantiles",
  },
  { args: ["matrix", "scalar"], stable: "predict_linear" },
  { args: ["scalar", "matrix"], stable: "quantile_over_time" },
  { args: ["matrix", "scalar", "scalar"], experimental: "double_exponential_smoothing" },
  { args: ["vector", "string", "string", "string", "string"], stable: "label_replace" },
  { args: ["vector", "string", "string", "string"], variadic: -1, stable: "label_join" },
  { args: ["vector", "string"], variadic: -1, experimental: "sort_by_label sort_by_label_desc" },
  { args: ["vector", "vector"], variadic: 1, experimental: "info" },
  { args: ["scalar"], stable: "vector" },
  { args: ["vector"], returns: "scalar", stable: "scalar" },
  { args: [], returns: "scalar", stable: "pi time", experimental: "end range start step" },
  { args: ["scalar", "scalar"], returns: "scalar", experimental: "max_of min_of" },
];

function* signaturesOf(family: Family): Generator<FunctionSignature> {
  const { args, variadic = 0, returns = "vector", stable = "", experimental = "" } = family;
  for (const [names, isExperimental] of [
    [stable, false],
    [experimental, true],
  ] as const) {
    for (const name of names.split(/\s+/).filter((word) => word !== ""))
      yield { name, argTypes: args, variadic, returnType: returns, experimental: isExperimental };
  }
}

/** All functions of Prometheus 3.14, by name, in the order of the alphabet. */
export const FUNCTION_SIGNATURES: ReadonlyMap<string, FunctionSignature> = new Map(
  FAMILIES.flatMap((family) => [...signaturesOf(family)])
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((signature) => [signature.name, signature]),
);

/** The signature of a function, or undefined if there is none of that name. */
export function functionSignature(name: string): FunctionSignature | undefined {
  return FUNCTION_SIGNATURES.get(name);
}
