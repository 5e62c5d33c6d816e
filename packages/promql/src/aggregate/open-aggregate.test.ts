import { describe, expect, it } from "vitest";
import type { AggregateOperator } from "../syntax/ast.ts";
import type { Options, Row, Rows } from "./testing.ts";
import { aggregate, BIG, INF, NAN, unnamed } from "./testing.ts";

describe("aggregations of all series", () => {
  it.each<[AggregateOperator, readonly Row[], Row]>([
    [
      "sum",
      [
        [1, null, 3],
        [2, null, null],
        [1e100, null, 4],
        [-1e100, null, 5],
      ],
      [3, null, 12],
    ],
    [
      "sum",
      [
        [INF, NAN],
        [2, 1],
      ],
      [INF, NAN],
    ],
    ["sum", [[INF], [-INF]], [NAN]],
    ["sum", [[-0], [-0]], [0]],
    [
      "avg",
      [
        [1, null, 3],
        [2, null, null],
      ],
      [1.5, null, 3],
    ],
    [
      "avg",
      [
        [BIG, -BIG, -BIG],
        [BIG, -BIG, -BIG],
        [BIG, -BIG, BIG],
        [BIG, -BIG, BIG],
      ],
      [BIG, -BIG, 0],
    ],
    [
      "avg",
      [
        [INF, INF],
        [0, -INF],
        [INF, 1],
      ],
      [INF, NAN],
    ],
    ["avg", [[2], [8], [1e100], [-1e100]], [2.5]],
    [
      "count",
      [
        [1, null, NAN],
        [2, null, 4],
      ],
      [2, null, 2],
    ],
    [
      "group",
      [
        [7, null, NAN],
        [2, null, null],
      ],
      [1, null, 1],
    ],
    [
      "min",
      [
        [NAN, NAN, 3],
        [2, NAN, 4],
        [5, NAN, NAN],
      ],
      [2, NAN, 3],
    ],
    [
      "max",
      [
        [NAN, NAN, 3],
        [2, NAN, -4],
        [5, NAN, NAN],
      ],
      [5, NAN, 3],
    ],
    [
      "stdvar",
      [
        [1, 1, NAN, INF],
        [2, 1, 2, 2],
        [3, null, 3, 3],
      ],
      [2 / 3, 0, NAN, NAN],
    ],
    [
      "stddev",
      [
        [1, 7],
        [3, null],
      ],
      [1, 0],
    ],
    ["stdvar", [[1], [2], [INF]], [NAN]],
  ])("%s of %j is %j", async (operator, rows, expected) => {
    expect(await aggregate(operator, unnamed(rows))).toEqual({
      result: [["{}", expected]],
      remarks: [],
      held: rows[0]?.length,
    });
  });

  it("gives nothing for nothing", async () => {
    expect((await aggregate("sum", [])).result).toEqual([]);
    expect(await aggregate("sum", unnamed([[null]]))).toMatchObject({ result: [], held: 0 });
  });
});

describe("grouping", () => {
  const rows: Rows = [
    [{ __name__: "a", x: "1", y: "1" }, [1]],
    [{ __name__: "a", x: "2", y: "1" }, [2]],
    [{ __name__: "b", x: "1", y: "2" }, [4]],
    [{ __name__: "b", y: "2" }, [8]],
  ];

  it.each<[Options, [string, Row][]]>([
    [
      { by: ["x"] },
      [
        [`{x="1"}`, [5]],
        [`{x="2"}`, [2]],
        ["{}", [8]],
      ],
    ],
    [
      { by: ["y", "z"] },
      [
        [`{y="1"}`, [3]],
        [`{y="2"}`, [12]],
      ],
    ],
    [
      { by: ["__name__"] },
      [
        ["a", [3]],
        ["b", [12]],
      ],
    ],
    [
      { without: ["x"] },
      [
        [`{y="1"}`, [3]],
        [`{y="2"}`, [12]],
      ],
    ],
    [
      { without: [] },
      [
        [`{x="1", y="1"}`, [1]],
        [`{x="2", y="1"}`, [2]],
        [`{x="1", y="2"}`, [4]],
        [`{y="2"}`, [8]],
      ],
    ],
  ])("groups by %j", async (options, expected) => {
    expect((await aggregate("sum", rows, options)).result).toEqual(expected);
  });

  it("puts groups in the order in which samples bring them up", async () => {
    const rows: Rows = [
      [{ g: "a", i: "1" }, [null]],
      [{ g: "b", i: "2" }, [1]],
      [{ g: "a", i: "3" }, [2]],
      [{ g: "c", i: "4" }, [null]],
    ];
    const sums = await aggregate("sum", rows, { by: ["g"] });
    expect(sums).toEqual({
      result: [
        [`{g="b"}`, [1]],
        [`{g="a"}`, [2]],
      ],
      remarks: [],
      held: 2,
    });
    for (const operator of ["topk", "limitk", "limit_ratio"] as const)
      expect((await aggregate(operator, rows, { by: ["g"], param: [1] })).result).toEqual([
        [`{g="b", i="2"}`, [1]],
        [`{g="a", i="3"}`, [2]],
      ]);
  });

  it("drops names at the end where a series at the last step with a result says so", async () => {
    const dropped = { dropName: true };
    const rows: Rows = [
      [{ __name__: "a", i: "1" }, [1, 1]],
      [{ __name__: "a", i: "2" }, [1, null], dropped],
      [{ __name__: "b", i: "1" }, [1, 1]],
      [{ __name__: "b", i: "2" }, [null, 1], dropped],
      [{ __name__: "c" }, [1, null], dropped],
    ];
    expect((await aggregate("sum", rows, { by: ["__name__"] })).result).toEqual([
      ["a", [2, 1]],
      ["-b", [1, 2]],
      ["-c", [1, null]],
    ]);
  });
});

describe("histograms among the samples", () => {
  it.each<[AggregateOperator, Options, string, Row]>([
    [
      "sum",
      {},
      "PromQL warning: encountered a mix of histograms and floats for aggregation",
      [null, 1],
    ],
    [
      "avg",
      {},
      "PromQL warning: encountered a mix of histograms and floats for aggregation",
      [null, 1],
    ],
    ["min", {}, "PromQL info: ignored histogram in min aggregation", [2, 1]],
    ["max", {}, "PromQL info: ignored histogram in max aggregation", [2, 1]],
    ["stddev", {}, "PromQL info: ignored histogram in stddev aggregation", [0, 0]],
    ["stdvar", {}, "PromQL info: ignored histogram in stdvar aggregation", [0, 0]],
    [
      "quantile",
      { param: [0.5, 0.5] },
      "PromQL info: ignored histogram in quantile aggregation",
      [2, 1],
    ],
  ])("%s remarks on them", async (operator, options, remark, row) => {
    expect(
      await aggregate(
        operator,
        unnamed([
          ["H", null],
          [2, 1],
        ]),
        options,
      ),
    ).toMatchObject({
      result: [["{}", row]],
      remarks: [remark],
    });
  });

  it("counts them", async () => {
    expect(
      await aggregate(
        "count",
        unnamed([
          ["H", null],
          [2, 1],
        ]),
      ),
    ).toMatchObject({
      result: [["{}", [2, 1]]],
      remarks: [],
    });
  });

  it("are chosen by limitk, not by topk", async () => {
    const rows = unnamed([
      ["H", null],
      [2, 1],
    ]);
    expect(await aggregate("limitk", rows, { param: [1, 1] })).toMatchObject({
      result: [
        [`{i="0"}`, ["H", null]],
        [`{i="1"}`, [null, 1]],
      ],
      remarks: [],
    });
    expect(await aggregate("topk", rows, { param: [1, 1] })).toMatchObject({
      result: [[`{i="1"}`, [2, 1]]],
      remarks: ["PromQL info: ignored histogram in topk aggregation"],
    });
  });
});
