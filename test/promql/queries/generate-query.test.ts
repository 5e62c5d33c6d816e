import { describe, expect, it } from "vitest";
import { seededRandom } from "../../alerts/random.ts";
import { QueryGenerator } from "./generate-query.ts";

function queries(seed: number, count: number): string[] {
  const random = seededRandom(seed);
  const generator = new QueryGenerator({ random, experimental: true, computedDurations: true });
  return Array.from({ length: count }, () => generator.query());
}

// What Prometheus 3.5 knows; later functions have no counterpart to be compared with.
const FUNCTIONS =
  `abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes clamp
  clamp_max clamp_min cos cosh count_over_time day_of_month day_of_week day_of_year days_in_month deg delta deriv
  double_exponential_smoothing exp floor histogram_avg histogram_count histogram_fraction histogram_quantile
  histogram_stddev histogram_stdvar histogram_sum hour idelta increase info irate label_join label_replace last_over_time
  ln log10 log2 mad_over_time max_over_time min_over_time minute month pi predict_linear present_over_time
  quantile_over_time rad rate resets round scalar sgn sin sinh sort sort_by_label sort_by_label_desc sort_desc sqrt
  stddev_over_time stdvar_over_time sum_over_time tan tanh time timestamp ts_of_last_over_time ts_of_max_over_time
  ts_of_min_over_time vector year`.split(/\s+/);
const AGGREGATIONS =
  `sum avg count min max group stddev stdvar topk bottomk quantile count_values limitk
  limit_ratio`.split(/\s+/);
const WORDS = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "^",
  "atan2",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "bool",
  "and",
  "or",
  "unless",
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "offset",
  "@ start()",
  "@ end()",
  "=~",
  "!~",
  ":]",
];

describe("QueryGenerator", () => {
  it("makes the same queries of the same seed, and others of another", () => {
    expect(queries(1, 50)).toEqual(queries(1, 50));
    expect(queries(2, 50)).not.toEqual(queries(1, 50));
  });

  it("makes use of every function, aggregation, operator, matching and modifier", () => {
    const all = queries(1, 4000).join("\n");
    const missing = [
      ...FUNCTIONS.filter((name) => !new RegExp(`(?<!\\w)${name}\\(`).test(all)),
      ...AGGREGATIONS.filter(
        (name) => !new RegExp(`(?<!\\w)${name} ?(?:by |without )?.*\\(`).test(all),
      ),
      ...WORDS.filter((word) => !all.includes(word)),
    ];
    expect(missing).toEqual([]);
  });
});
