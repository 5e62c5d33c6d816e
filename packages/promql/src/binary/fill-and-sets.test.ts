import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { BinaryOperator } from "../syntax/ast.ts";
import type { Options, Row, Rows } from "./testing.ts";
import { compute, row } from "./testing.ts";

describe("fill values", () => {
  const left: Rows = [
    [{ __name__: "l", x: "a" }, [1, null, 3]],
    [{ __name__: "l", x: "b" }, [null, 20, null]],
  ];
  const right: Rows = [
    [{ __name__: "r", x: "a" }, [null, 200, null]],
    [{ __name__: "r", x: "c" }, [1000, null, 3000]],
  ];

  it.each<[Options, [string, Row][]]>([
    [
      { fillLeft: 0, fillRight: 0 },
      [
        [`{x="a"}`, [1, 200, 3]],
        [`{x="b"}`, [null, 20, null]],
        [`{x="c"}`, [1000, null, 3000]],
      ],
    ],
    [
      { fillLeft: 5, fillRight: 7 },
      [
        [`{x="a"}`, [8, 205, 10]],
        [`{x="b"}`, [null, 27, null]],
        [`{x="c"}`, [1005, null, 3005]],
      ],
    ],
    [
      { fillRight: 0 },
      [
        [`{x="a"}`, [1, null, 3]],
        [`{x="b"}`, [null, 20, null]],
      ],
    ],
    [
      { fillLeft: 0 },
      [
        [`{x="a"}`, [null, 200, null]],
        [`{x="c"}`, [1000, null, 3000]],
      ],
    ],
  ])("%j stand in where a side is missing", async (options, expected) => {
    for (const backwards of [false, true])
      expect((await compute(left, "+", right, { ...options, backwards })).result).toEqual(expected);
  });

  it("keep names where a comparison does, except for what is filled on the left", async () => {
    expect((await compute(left, "!=", right, { fillLeft: 30, fillRight: 30 })).result).toEqual([
      [`l{x="a"}`, [1, null, 3]],
      [`l{x="b"}`, [null, 20, null]],
      [`{x="a"}`, [null, 30, null]],
      [`{x="c"}`, [30, null, 30]],
    ]);
  });

  it("stand in for the many once a group", async () => {
    const many: Rows = [
      [{ m: "GET", s: "200" }, [100, null]],
      [{ m: "POST", s: "200" }, [200, null]],
    ];
    const one: Rows = [
      [{ s: "200", owner: "x" }, [1, 1]],
      [{ s: "404", owner: "y" }, [4, 4]],
    ];
    const options: Options = { cardinality: "many-to-one", on: true, labels: ["s"], fillLeft: 0 };
    expect((await compute(many, "+", one, options)).result).toEqual([
      [`{m="GET", s="200"}`, [101, null]],
      [`{m="POST", s="200"}`, [201, null]],
      [`{s="200"}`, [null, 1]],
      [`{s="404"}`, [4, 4]],
    ]);
    expect((await compute(many, "+", one, { ...options, include: ["owner"] })).result).toEqual([
      [`{m="GET", owner="x", s="200"}`, [101, null]],
      [`{m="POST", owner="x", s="200"}`, [201, null]],
      [`{owner="x", s="200"}`, [null, 1]],
      [`{owner="y", s="404"}`, [4, 4]],
    ]);
    // As in Prometheus: with group_right, fill_left stands in for the right side.
    const swapped: Options = { ...options, cardinality: "one-to-many", fillLeft: 10 };
    expect((await compute(one, "-", many, swapped)).result).toEqual([
      [`{m="GET", s="200"}`, [-99, null]],
      [`{m="POST", s="200"}`, [-199, null]],
      [`{s="200"}`, [null, -9]],
      [`{s="404"}`, [-6, -6]],
    ]);
  });

  it("make groups of several an error where they would be met twice", async () => {
    const two: Rows = [
      [{ x: "1" }, [1]],
      [{ x: "2" }, [2]],
    ];
    await expect(compute(two, "+", [], { on: true, fillRight: 0 })).rejects.toThrow(
      "many-to-one matching must be explicit",
    );
  });

  it("come last, at a single step", async () => {
    const absent: Rows = [
      [{ i: "1" }, [null]],
      [{ i: "2" }, [2]],
    ];
    expect(
      (await compute(absent, "+", [[{ i: "1" }, [5]]], { fillLeft: 0, fillRight: 0 })).result,
    ).toEqual([
      [`{i="2"}`, [2]],
      [`{i="1"}`, [5]],
    ]);
  });

  it("need a sample on one side", async () => {
    expect((await compute([], "+", right, { fillRight: 0 })).result).toEqual([]);
    expect((await compute(left, "+", [], { fillLeft: 0 })).result).toEqual([]);
    expect((await compute([], "+", [], { fillLeft: 0, fillRight: 0 })).result).toEqual([]);
  });
});

describe("set operators", () => {
  const left: Rows = [
    [{ __name__: "l", g: "a", i: "1" }, [1, 2, "H"]],
    [{ __name__: "l", g: "b", i: "1" }, [3, null, 5]],
  ];
  const right: Rows = [
    [{ __name__: "r", g: "a", i: "1" }, [9, null, null]],
    [{ __name__: "r", g: "a", i: "2" }, [8, "H", null]],
    [{ __name__: "r", g: "b", i: "3" }, [null, 7, 7]],
  ];

  it.each<[BinaryOperator, Options, [string, Row][]]>([
    ["and", {}, [[`l{g="a", i="1"}`, [1, null, null]]]],
    [
      "and",
      { on: true, labels: ["g"] },
      [
        [`l{g="a", i="1"}`, [1, 2, null]],
        [`l{g="b", i="1"}`, [null, null, 5]],
      ],
    ],
    [
      "and",
      { labels: ["i"] },
      [
        [`l{g="a", i="1"}`, [1, 2, null]],
        [`l{g="b", i="1"}`, [null, null, 5]],
      ],
    ],
    [
      "unless",
      {},
      [
        [`l{g="a", i="1"}`, [null, 2, "H"]],
        [`l{g="b", i="1"}`, [3, null, 5]],
      ],
    ],
    [
      "unless",
      { on: true, labels: ["g"] },
      [
        [`l{g="a", i="1"}`, [null, null, "H"]],
        [`l{g="b", i="1"}`, [3, null, null]],
      ],
    ],
    ["or", { on: true, labels: ["g"] }, [...table(left), [`r{g="b", i="3"}`, [null, 7, null]]]],
    [
      "or",
      {},
      [...table(left), [`r{g="a", i="2"}`, [8, "H", null]], [`r{g="b", i="3"}`, [null, 7, 7]]],
    ],
    ["or", { on: true }, table(left)],
  ])("%s, matched by %j", async (operator, options, expected) => {
    for (const backwards of [false, true])
      expect(await compute(left, operator, right, { ...options, backwards })).toEqual({
        result: expected,
        remarks: [],
      });
  });

  it("makes one series of equal label sets of both sides", async () => {
    expect((await compute(row("m", 1, null, 3), "or", row("m", 7, "H", null))).result).toEqual([
      [`m{a="1"}`, [1, "H", 3]],
    ]);
  });

  it("gives a series whose name falls at some steps the name of its first sample", async () => {
    const dropped = (...values: (number | null)[]): Rows => [
      [{ __name__: "m", a: "1" }, values, { dropName: true }],
    ];
    const delayed = { delayed: true };
    expect((await compute(row("m", 1, null), "or", dropped(5, 2), delayed)).result).toEqual([
      [`m{a="1"}`, [1, 2]],
    ]);
    expect((await compute(row("m", null, 1), "or", dropped(2, 5), delayed)).result).toEqual([
      [`-m{a="1"}`, [2, 1]],
    ]);
    expect((await compute(row("m", null), "or", dropped(null), delayed)).result).toEqual([]);
  });

  it("puts the left side first, at a single step", async () => {
    const filtered: Rows = [
      [{ i: "1" }, [null]],
      [{ i: "2" }, [2]],
    ];
    const all: Rows = [
      [{ i: "0" }, [0]],
      [{ i: "1" }, [1]],
      [{ i: "2" }, [2]],
    ];
    expect((await compute(filtered, "or", all)).result).toEqual([
      [`{i="2"}`, [2]],
      [`{i="0"}`, [0]],
      [`{i="1"}`, [1]],
    ]);
  });

  it("is at ease with nothing", async () => {
    expect((await compute(left, "and", [])).result).toEqual([]);
    expect((await compute(left, "unless", [])).result).toEqual(table(left));
    expect((await compute([], "or", left)).result).toEqual(table(left));
  });

  function table(rows: Rows): [string, Row][] {
    return rows.map(([labels, values]) => [Labels.from(labels).toString(), values]);
  }
});
