/** A function as the generator calls it: a type a place (`vector`, `matrix` …), or the text itself. */
export interface GeneratedCall {
  readonly name: string;
  readonly args: readonly string[];
}

// Those whose last digits are not defined stand in the generator itself; those of histograms and labels too.
const STABLE: Readonly<Record<string, string>> = {
  vector: "abs ceil floor sgn sqrt absent deg rad timestamp log2 log10",
  matrix: `rate increase irate delta idelta changes resets deriv avg_over_time sum_over_time count_over_time
    min_over_time max_over_time last_over_time present_over_time absent_over_time stddev_over_time
    stdvar_over_time`,
  "vector,scalar": "clamp_max clamp_min round",
  "vector,scalar,scalar": "clamp",
  "matrix,scalar": "predict_linear",
  "quantile,matrix": "quantile_over_time",
  vectorOrNothing: "minute hour month year day_of_month day_of_week day_of_year days_in_month",
};

const EXPERIMENTAL: Readonly<Record<string, string>> = {
  matrix: "mad_over_time ts_of_max_over_time ts_of_min_over_time ts_of_last_over_time",
  "matrix,factor,factor": "double_exponential_smoothing",
  "vector,label": "sort_by_label sort_by_label_desc",
  "vector,label,label": "sort_by_label",
  vector: "info",
  'vector,{rack=~".+"}': "info",
};

const stable = callsOf(STABLE);
const all = [...stable, ...callsOf(EXPERIMENTAL)];

/** The calls that the generator chooses from. */
export function expectedArguments(experimental: boolean): readonly GeneratedCall[] {
  return experimental ? all : stable;
}

function callsOf(table: Readonly<Record<string, string>>): GeneratedCall[] {
  return Object.entries(table).flatMap(([types, names]) =>
    names.split(/\s+/).flatMap((name) =>
      types === "vectorOrNothing"
        ? [
            { name, args: [] },
            { name, args: ["vector"] },
          ]
        : [
            { name, args: types.split(",") },
            ...(name === "round" ? [{ name, args: ["vector"] }] : []),
          ],
    ),
  );
}
