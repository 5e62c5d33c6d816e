import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What every function gives, under the headings of the page. Names and types come from the code. */
const FUNCTIONS = {
  "Counters and gauges over time": {
    rate: "the increase a second of a counter, resets mended, extrapolated to the window",
    increase: "the increase of a counter over the window, extrapolated",
    irate: "the increase a second between the last two samples",
    delta: "the difference of a gauge over the window, extrapolated",
    idelta: "the difference of the last two samples",
    deriv: "the slope a second of the line through the samples (least squares)",
    predict_linear: "where that line is so many seconds from now",
    double_exponential_smoothing: "the samples smoothed, by factors for level and trend",
    changes: "how often the value changed",
    resets: "how often a counter began anew",
  },
  "All samples of a window": {
    avg_over_time: "their mean",
    sum_over_time: "their sum",
    count_over_time: "their number",
    min_over_time: "the least",
    max_over_time: "the greatest",
    quantile_over_time: "a quantile, 0 to 1",
    stddev_over_time: "their standard deviation, of the population",
    stdvar_over_time: "their variance, of the population",
    mad_over_time: "the median of their distances from their median",
    first_over_time: "the first",
    last_over_time: "the last",
    present_over_time: "1 where there is any",
    absent_over_time: "1 where there is none at all",
    ts_of_first_over_time: "the time of the first",
    ts_of_last_over_time: "the time of the last",
    ts_of_min_over_time: "the time of the least, the last of equal ones",
    ts_of_max_over_time: "the time of the greatest, the last of equal ones",
  },
  Numbers: {
    abs: "without its sign",
    ceil: "rounded up",
    floor: "rounded down",
    round: "rounded to the nearest multiple, by default of 1; halves up",
    clamp: "not below the first limit, not above the second",
    clamp_min: "not below a limit",
    clamp_max: "not above a limit",
    sgn: "−1, 0 or 1",
    sqrt: "the square root",
    exp: "e to its power",
    ln: "the natural logarithm",
    log2: "the logarithm to base 2",
    log10: "the logarithm to base 10",
    sin: "the sine of an angle in radians",
    cos: "the cosine",
    tan: "the tangent",
    asin: "the arc sine, in radians",
    acos: "the arc cosine",
    atan: "the arc tangent",
    sinh: "the hyperbolic sine",
    cosh: "the hyperbolic cosine",
    tanh: "the hyperbolic tangent",
    asinh: "the inverse hyperbolic sine",
    acosh: "the inverse hyperbolic cosine",
    atanh: "the inverse hyperbolic tangent",
    deg: "radians as degrees",
    rad: "degrees as radians",
    pi: "π",
    min_of: "the lesser of two numbers",
    max_of: "the greater of two numbers",
  },
  "Times and dates, in UTC": {
    time: "the time of the step, in seconds since 1970",
    timestamp: "the time of each sample",
    start_timestamp: "when the counter behind each sample began",
    start: "the time of the query's first step",
    end: "the time of the query's last step",
    range: "from the first step to the last, in seconds",
    step: "the step of the query, in seconds",
    year: "the year",
    month: "the month, 1 to 12",
    day_of_month: "the day of the month, 1 to 31",
    day_of_week: "the day of the week, 0 (Sunday) to 6",
    day_of_year: "the day of the year, 1 to 366",
    days_in_month: "how many days the month has",
    hour: "the hour, 0 to 23",
    minute: "the minute, 0 to 59",
  },
  Histograms: {
    histogram_quantile: "a quantile of each classic histogram",
    histogram_quantiles: "several quantiles at once, told apart by a label",
    histogram_fraction: "the share of observations between two bounds",
    histogram_avg: "of native histograms: nothing yet",
    histogram_count: "of native histograms: nothing yet",
    histogram_sum: "of native histograms: nothing yet",
    histogram_stddev: "of native histograms: nothing yet",
    histogram_stdvar: "of native histograms: nothing yet",
  },
  "Labels, order and presence": {
    label_replace: "a label made of another, by a regular expression",
    label_join: "a label made of several, with a separator",
    info: "with the labels of info metrics of the same job and instance",
    sort: "ascending by value; of instant queries only",
    sort_desc: "descending by value; of instant queries only",
    sort_by_label: "ascending by labels; of instant queries only",
    sort_by_label_desc: "descending by labels; of instant queries only",
    absent: "1 where there is no series",
    scalar: "the value of the only series; NaN where there is not exactly one",
    vector: "a number as a vector of one series without labels",
  },
};

const FEATURES = {
  "promql-experimental-functions":
    "the functions and aggregations that are marked so; `info`, `limitk`, `limit_ratio` among them",
  "promql-duration-expr": "computed durations, `[5m * 2]`, `offset step()`: always on, as in 3.14",
  "promql-extended-range-selectors":
    "windows whose edges are `anchored` to the sample before, or `smoothed` between two",
  "promql-binop-fill-modifiers":
    "`fill`, `fill_left`, `fill_right`: a number for samples that the other side lacks",
  "promql-delayed-name-removal":
    "metric names are dropped at the end of a query, so that `by (__name__)` after `rate` sees them",
  "use-start-timestamps":
    "resets are told by the start timestamps of samples, where the storage has them",
};

/** The reference page of PromQL's functions, from the table of signatures of the built package. */
export async function functionsPage(root) {
  const load = (path) => import(pathToFileURL(join(root, "packages/promql/dist", path)).href);
  const { FUNCTION_SIGNATURES } = await load("functions/signatures.js");
  const { FEATURE_FLAGS } = await load("index.js");
  sameNames(
    "functions",
    [...FUNCTION_SIGNATURES.keys()],
    Object.values(FUNCTIONS).flatMap(Object.keys),
  );
  sameNames("features", FEATURE_FLAGS, Object.keys(FEATURES));
  const sections = Object.entries(FUNCTIONS).map(([title, functions]) => {
    const rows = Object.entries(functions).map(([name, gives]) => {
      const signature = FUNCTION_SIGNATURES.get(name);
      const mark = signature.experimental ? "experimental" : "";
      return `| \`${call(signature)}\` | ${signature.returnType} | ${gives} | ${mark} |`;
    });
    return `### ${title}\n\n| function | type | what it gives | |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  const features = FEATURE_FLAGS.map((flag) => `| \`${flag}\` | ${FEATURES[flag]} |`);
  return `# Functions, aggregations, operators

What PromQL has, as of Prometheus 3.14: ${FUNCTION_SIGNATURES.size} functions. *Experimental* ones need the feature
\`promql-experimental-functions\`. This page is made from the code by \`npm run docs\`; where results may differ from Prometheus':
[differences](promql-differences.md).

## Functions

Arguments in brackets may be left out; \`…\` may be repeated.

${sections.join("\n")}
## Aggregations

Each with \`by (labels)\` or \`without (labels)\`.

| aggregation | what it gives | |
|---|---|---|
| \`sum\`, \`avg\`, \`min\`, \`max\`, \`count\` | sum, mean, least, greatest, number of the samples of each group | |
| \`stddev\`, \`stdvar\` | standard deviation and variance of the population | |
| \`group\` | 1 | |
| \`quantile(q, …)\` | a quantile, 0 to 1 | |
| \`count_values("label", …)\` | how many samples have each value | |
| \`topk(k, …)\`, \`bottomk(k, …)\` | the samples with the greatest or least values | |
| \`limitk(k, …)\`, \`limit_ratio(r, …)\` | so many series, or such a share of them; always the same ones | experimental |

## Operators

From those that bind most loosely to those that bind most tightly.

| operators | |
|---|---|
| \`or\` | sets |
| \`and\`, \`unless\` | sets |
| \`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\` | comparisons: filter, or 0 and 1 with \`bool\`; \`</\`, \`>/\` trim native histograms, and give nothing yet |
| \`+\`, \`-\` | |
| \`*\`, \`/\`, \`%\`, \`atan2\`, signs | |
| \`^\` | to the right: \`2 ^ 3 ^ 2\` is 512 |

Between two vectors: \`on (…)\` or \`ignoring (…)\`, then \`group_left (…)\` or \`group_right (…)\`, then \`fill(…)\`.

## Features

As in Prometheus' \`--enable-feature\`; off unless named, or \`"all"\`.

| feature | what is on |
|---|---|
${features.join("\n")}
`;
}

/** Such as `round(vector, [scalar])`. */
function call({ name, argTypes, variadic }) {
  const shown = argTypes.map((type, i) => {
    if (variadic === 0 || i < argTypes.length - 1) return type;
    return variadic === 1 ? `[${type}]` : `[${type}, …]`;
  });
  return `${name}(${shown.join(", ")})`;
}

function sameNames(what, inCode, described) {
  const missing = inCode.filter((name) => !described.includes(name));
  const unknown = described.filter((name) => !inCode.includes(name));
  if (missing.length + unknown.length > 0)
    throw new Error(`${what}: describe ${missing.join(", ")}; forget ${unknown.join(", ")}`);
}
