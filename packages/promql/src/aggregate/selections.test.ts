import { describe, expect, it } from "vitest";
import type { AggregateOperator } from "../syntax/ast.ts";
import type { Options, Row, Rows } from "./testing.ts";
import { aggregate, INF, NAN, unnamed } from "./testing.ts";

describe("topk and bottomk", () => {
  const values = [3, NAN, 1, 2, NAN, 3];

  it.each<[AggregateOperator, number, number[]]>([
    ["topk", 2, [3, 3]],
    ["topk", 4, [3, 3, 2, 1]],
    ["topk", 5, [3, 3, 2, 1, NAN]],
    ["topk", 9999999999, [3, 3, 2, 1, NAN, NAN]],
    ["topk", 2.9, [3, 3]],
    ["bottomk", 2, [1, 2]],
    ["bottomk", 5, [1, 2, 3, 3, NAN]],
    ["topk", 0, []],
    ["bottomk", -1, []],
  ])("%s(%d) of a moment is in order", async (operator, k, expected) => {
    const { result } = await aggregate(operator, unnamed(values.map((v) => [v])), { param: [k] });
    expect(result.map(([, row]) => row?.[0])).toEqual(expected);
  });

  it("put equal samples in the order of Prometheus", async () => {
    const rows: Rows = Array.from({ length: 300 }, (_, i) => [
      { __name__: "m", i: String(i).padStart(3, "0") },
      [(i * i) % 7],
    ]);
    const { result } = await aggregate("topk", rows, { param: [60] });
    // What Prometheus 3.5.3 answers: 60 of the 86 series whose value is 4.
    expect(result.map(([labels]) => labels?.slice(5, 8)).join(" ")).toBe(
      "208 163 205 131 159 180 201 110 128 142 156 166 177 194 198 103 107 117 124 135 138 145 152 068 089 " +
        "170 173 187 191 100 030 072 079 033 016 075 114 037 121 019 040 009 061 086 044 082 149 047 023 005 " +
        "065 051 012 026 054 002 184 093 058 096",
    );
  });

  it("choose anew at each step, as many as the step wants", async () => {
    const rows = unnamed([
      [1, 9, 1, 5],
      [2, 8, 2, null],
      [3, 7, 3, 5],
    ]);
    expect((await aggregate("topk", rows, { param: [1, 1, 0, 2] })).result).toEqual([
      [`{i="0"}`, [null, 9, null, 5]],
      [`{i="2"}`, [3, null, null, 5]],
    ]);
    expect((await aggregate("bottomk", rows, { param: [1, 1, 0, 2] })).result).toEqual([
      [`{i="0"}`, [1, null, null, 5]],
      [`{i="2"}`, [null, 7, null, 5]],
    ]);
  });

  it("choose in each group and keep the labels of the input", async () => {
    const rows: Rows = [
      [{ __name__: "m", g: "a", i: "1" }, [1]],
      [{ __name__: "m", g: "b", i: "2" }, [5], { dropName: true }],
      [{ __name__: "m", g: "a", i: "3" }, [2]],
    ];
    expect((await aggregate("topk", rows, { param: [1], by: ["g"] })).result).toEqual([
      [`m{g="a", i="3"}`, [2]],
      [`-m{g="b", i="2"}`, [5]],
    ]);
  });

  it.each<[AggregateOperator, number[], string]>([
    ["topk", [NAN], "Parameter value is NaN"],
    ["bottomk", [1, NAN], "Parameter value is NaN"],
    ["limitk", [NAN], "Parameter value is NaN"],
    ["topk", [1e19], "Scalar value 1e+19 overflows int64"],
    ["limitk", [INF], "Scalar value +Inf overflows int64"],
    ["topk", [1, -1e30], "Scalar value -1e+30 underflows int64"],
    ["limit_ratio", [NAN], "Ratio value is NaN"],
  ])("%s(%j) fails", async (operator, param, message) => {
    await expect(aggregate(operator, [], { param })).rejects.toThrow(message);
  });
});

describe("limitk and limit_ratio", () => {
  const rows = unnamed([
    [3, 1, null],
    [1, null, 2],
    [2, 5, 6],
  ]);

  it("takes the first that have samples", async () => {
    expect((await aggregate("limitk", rows, { param: [1, 2, 1] })).result).toEqual([
      [`{i="0"}`, [3, 1, null]],
      [`{i="1"}`, [null, null, 2]],
      [`{i="2"}`, [null, 5, null]],
    ]);
  });

  it("shares series out between a ratio and its complement", async () => {
    const many = unnamed(Array.from({ length: 500 }, (_, i) => [i, i]));
    const some = await aggregate("limit_ratio", many, { param: [0.3, 0.3] });
    const others = await aggregate("limit_ratio", many, { param: [-0.7, -0.7] });
    expect(some.result.length).toBeGreaterThan(100);
    expect(some.result.length).toBeLessThan(200);
    expect([...some.result, ...others.result].map(([, row]) => row?.[0]).sort()).toEqual(
      many.map(([, row]) => row[0]).sort(),
    );
  });

  it("chooses the series that Prometheus chooses, long labels or short", async () => {
    const rows: Rows = Array.from({ length: 40 }, (_, i) => [
      { __name__: "n", i: String(i).padStart(2, "0"), v: "x".repeat(Math.floor((i * i) / 4)) },
      [1, 1],
    ]);
    const { result } = await aggregate("limit_ratio", rows, { param: [0.5, 0.5] });
    expect(result.map(([labels]) => labels?.slice(5, 7)).join(" ")).toBe(
      "05 06 08 11 16 17 19 22 24 27 28 30 33 34 36 37 38",
    );
  });

  it("caps ratios, and says so", async () => {
    expect(await aggregate("limit_ratio", rows, { param: [1.5, 0, -2] })).toMatchObject({
      result: [
        [`{i="0"}`, [3, null, null]],
        [`{i="1"}`, [1, null, 2]],
        [`{i="2"}`, [2, null, 6]],
      ],
      remarks: [
        "PromQL warning: ratio value should be between -1 and 1, got 1.5, capping to 1",
        "PromQL warning: ratio value should be between -1 and 1, got -2, capping to -1",
      ],
    });
  });
});

describe("quantile", () => {
  it("takes another quantile at each step", async () => {
    const rows = unnamed([
      [0, 0, 0, 4],
      [1, 1, NAN, null],
      [4, 4, 1, null],
    ]);
    expect(await aggregate("quantile", rows, { param: [0.5, 1, 0.5, 0] })).toEqual({
      result: [["{}", [1, 4, 0, 4]]],
      remarks: [],
      held: 4,
    });
  });

  it("remarks on what is no quantile", async () => {
    expect(
      await aggregate("quantile", unnamed([[1, 1, 1]]), { param: [NAN, 2, -1] }),
    ).toMatchObject({
      result: [["{}", [NAN, INF, -INF]]],
      remarks: ["PromQL warning: quantile value should be between 0 and 1, got NaN"],
    });
    expect(await aggregate("quantile", unnamed([[1, 1]]), { param: [2, -0.5] })).toMatchObject({
      remarks: [
        "PromQL warning: quantile value should be between 0 and 1, got 2",
        "PromQL warning: quantile value should be between 0 and 1, got -0.5",
      ],
    });
  });
});

describe("count_values", () => {
  const rows: Rows = [
    [{ __name__: "v", a: "1", b: "x" }, [6, 1e21, NAN]],
    [{ __name__: "v", a: "1", b: "y" }, [6, 0, NAN]],
    [{ __name__: "v", a: "2", b: "x" }, [7, -0, null]],
  ];

  it("counts each value", async () => {
    expect(await aggregate("count_values", rows, { param: "value" })).toEqual({
      result: [
        [`{value="6"}`, [2, null, null]],
        [`{value="1000000000000000000000"}`, [null, 1, null]],
        [`{value="NaN"}`, [null, null, 2]],
        [`{value="0"}`, [null, 1, null]],
        [`{value="7"}`, [1, null, null]],
        [`{value="-0"}`, [null, 1, null]],
      ],
      remarks: [],
      held: 18,
    });
  });

  it.each<[string, Options, [string, Row][]]>([
    [
      "v",
      { by: ["a"] },
      [
        [`{a="1", v="6"}`, [2]],
        [`{a="2", v="7"}`, [1]],
      ],
    ],
    [
      "a",
      { by: ["a"] },
      [
        [`{a="6"}`, [2]],
        [`{a="7"}`, [1]],
      ],
    ],
    [
      "v",
      { without: ["a"] },
      [
        [`{b="x", v="6"}`, [1]],
        [`{b="y", v="6"}`, [1]],
        [`{b="x", v="7"}`, [1]],
      ],
    ],
    [
      "b",
      { without: ["b"] },
      [
        [`{a="1"}`, [2]],
        [`{a="2"}`, [1]],
      ],
    ],
  ])("puts the value in %j, grouped by %j", async (param, options, expected) => {
    const first: Rows = rows.map(([labels, row]) => [labels, row.slice(0, 1)]);
    expect((await aggregate("count_values", first, { ...options, param })).result).toEqual(
      expected,
    );
  });

  it("fails for what cannot be a label", async () => {
    await expect(aggregate("count_values", rows, { param: "" })).rejects.toThrow(
      'invalid label name ""',
    );
    // A byte that is no UTF-8, as the parser keeps it.
    await expect(aggregate("count_values", rows, { param: "a\udcc5z" })).rejects.toThrow(
      'invalid label name "a\\xc5z"',
    );
  });
});
