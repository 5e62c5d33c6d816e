import { describe, expect, it } from "vitest";
import { FUNCTION_SIGNATURES, functionSignature } from "./signatures.ts";

describe("the functions of the language", () => {
  it("are the 90 of Prometheus 3.14, of which 17 are experimental", () => {
    const all = [...FUNCTION_SIGNATURES.values()];
    const experimental = all.filter((signature) => signature.experimental);
    expect([all.length, experimental.length]).toEqual([90, 17]);
    expect(experimental.map(({ name }) => name)).toEqual([
      "double_exponential_smoothing",
      "end",
      "histogram_quantiles",
      "info",
      "mad_over_time",
      "max_of",
      "min_of",
      "range",
      "sort_by_label",
      "sort_by_label_desc",
      "start",
      "start_timestamp",
      "step",
      "ts_of_first_over_time",
      "ts_of_last_over_time",
      "ts_of_max_over_time",
      "ts_of_min_over_time",
    ]);
  });

  it("have types", () => {
    expect(functionSignature("quantile_over_time")).toEqual({
      name: "quantile_over_time",
      argTypes: ["scalar", "matrix"],
      variadic: 0,
      returnType: "vector",
      experimental: false,
    });
    expect(functionSignature("scalar")?.returnType).toBe("scalar");
    expect(functionSignature("label_join")?.variadic).toBe(-1);
  });

  it("have names that no property of an object is taken for", () => {
    expect(functionSignature("toString")).toBeUndefined();
    expect(functionSignature("nosuch")).toBeUndefined();
  });
});
