import { Labels, type LabelsLike, nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { Annotations } from "../annotations/annotations.ts";
import { ABSENT, Column, FLOAT } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { Value } from "../eval/operator.ts";
import type { BinaryExpr, BinaryOperator, Expr, VectorMatching } from "../syntax/ast.ts";
import { featuresFrom } from "../syntax/features.ts";
import { openBinary } from "./open-binary.ts";

/** A row of samples: a number, a histogram (`H`), or nothing (`null`) at each step. */
type Row = readonly (number | "H" | null)[];
type Rows = readonly (readonly [LabelsLike, Row, { dropName?: boolean }?])[];
/** Numbers are a scalar. */
type Operand = Rows | readonly number[];

const SPAN = { start: 0, end: 5 };
const LEFT: Expr = { kind: "number", span: SPAN, value: 1, isDuration: false };
const RIGHT: Expr = { kind: "number", span: SPAN, value: 2, isDuration: false };
const NAN = Number.NaN;
const INF = Infinity;

interface Options extends Partial<VectorMatching> {
  readonly bool?: boolean;
  readonly delayed?: boolean;
  /** Reads the columns from the last to the first. */
  readonly backwards?: boolean;
}

/** Computes `left operator right`: a row for scalars, else `[labels, row]` in order; with what was remarked. */
async function compute(
  left: Operand,
  operator: BinaryOperator,
  right: Operand,
  options: Options = {},
) {
  const steps = stepsOf(left) ?? stepsOf(right) ?? 1;
  const annotations = new Annotations();
  const context: EvalContext = {
    queryable: { select: () => ({ series: [] }) },
    steps: { startMs: 0, stepMs: 1000, count: steps },
    query: { startMs: 0, endMs: (steps - 1) * 1000, stepMs: 1000 },
    lookbackDeltaMs: 300_000,
    defaultSubqueryStepMs: 60_000,
    features: featuresFrom(options.delayed === true ? "all" : []),
    annotations,
    budget: {
      spend: () => true,
      pause: () => Promise.resolve(),
      hold: () => undefined,
      release: () => undefined,
    },
    signal: undefined,
    text: "",
    storageWarnings: new Set(),
    around: undefined,
    open: async (expr) => operandOf(expr === LEFT ? left : right),
  };
  const isSet = ["and", "or", "unless"].includes(operator);
  const expr: BinaryExpr = {
    kind: "binary",
    span: SPAN,
    operator,
    left: LEFT,
    right: RIGHT,
    returnBool: options.bool ?? false,
    matching: {
      cardinality: isSet ? "many-to-many" : "one-to-one",
      on: false,
      labels: [],
      include: [],
      fillLeft: undefined,
      fillRight: undefined,
      ...options,
    },
  };
  const value = await openBinary(expr, context);
  if (value.type === "scalar") return { result: [...value.values], remarks: [] };
  if (value.type !== "vector") throw new Error(`a ${value.type}`);
  const { vector } = value;
  const result: [string, Row][] = [];
  const order = [...vector.series.keys()];
  for (const i of options.backwards === true ? order.reverse() : order) {
    const column = new Column(steps);
    // What is left of an earlier use must not matter.
    column.setHistogram(0, nativeHistogram());
    await vector.column(i, column);
    const row = Array.from(column.present, (p, k) =>
      p === ABSENT ? null : p === FLOAT ? (column.values[k] as number) : "H",
    );
    const { labels, dropName } = vector.series[i] as (typeof vector.series)[number];
    result[i] = [`${dropName ? "-" : ""}${labels}`, row];
  }
  return {
    // Series that are nowhere present are no part of a result.
    result: result.filter(([, row]) => row.some((value) => value !== null)),
    remarks: annotations.list().map(({ text }) => text),
  };
}

function isScalar(operand: Operand): operand is readonly number[] {
  return typeof operand[0] === "number";
}

function stepsOf(operand: Operand): number | undefined {
  return isScalar(operand) ? operand.length : operand[0]?.[1].length;
}

function operandOf(operand: Operand): Value {
  if (isScalar(operand)) return { type: "scalar", values: Float64Array.from(operand) };
  return {
    type: "vector",
    vector: {
      series: operand.map(([labels, , { dropName = false } = {}]) => ({
        labels: Labels.from(labels),
        dropName,
      })),
      column(i, into) {
        into.clear();
        for (const [k, value] of (operand[i] as Rows[number])[1].entries()) {
          if (typeof value === "number") into.setFloat(k, value);
          else if (value === "H") into.setHistogram(k, nativeHistogram());
        }
        return i % 2 === 0 ? undefined : Promise.resolve();
      },
    },
  };
}

/** One series of a name. */
function row(name: string, ...values: Row): Rows {
  return [[{ __name__: name, a: "1" }, values]];
}

describe("between scalars", () => {
  it.each<[number, BinaryOperator, number, number]>([
    [7, "+", 2, 9],
    [7, "-", 2, 5],
    [7, "*", 2, 14],
    [7, "/", 2, 3.5],
    [7, "/", 0, INF],
    [-7, "%", 3, -1],
    [7, "%", 0, NAN],
    [2, "^", 10, 1024],
    [10, "atan2", 20, Math.atan2(10, 20)],
    [7, "==", 7, 1],
    [NAN, "==", NAN, 0],
    [NAN, "!=", NAN, 1],
    [7, "<", 8, 1],
    [7, "<=", 7, 1],
    [7, ">", 7, 0],
    [7, ">=", 8, 0],
  ])("%d %s %d is %d", async (left, operator, right, expected) => {
    const { result } = await compute([left, left], operator, [right, right], { bool: true });
    expect(result).toEqual([expected, expected]);
  });
});

describe("between a vector and a scalar", () => {
  it("computes each sample with the number of its step", async () => {
    const vector = row("m", 1, null, 3, NAN);
    expect((await compute(vector, "-", [1, 2, 3, 4])).result).toEqual([
      [`{a="1"}`, [0, null, 0, NAN]],
    ]);
    expect((await compute([1, 2, 3, 4], "-", row("m", 5, null, 3, NAN))).result).toEqual([
      [`{a="1"}`, [-4, null, 0, NAN]],
    ]);
  });

  it("keeps the vector's samples where a comparison holds", async () => {
    const vector = row("m", 1, null, 3, NAN);
    expect((await compute(vector, ">", [2, 2, 2, 2])).result).toEqual([
      [`m{a="1"}`, [null, null, 3, null]],
    ]);
    expect((await compute([2, 2, 2, 2], ">", vector)).result).toEqual([
      [`m{a="1"}`, [1, null, null, null]],
    ]);
    expect((await compute([2, 2, 2, 2], "!=", vector)).result).toEqual([
      [`m{a="1"}`, [1, null, 3, NAN]],
    ]);
  });

  it("answers 0 or 1 with bool, without a name", async () => {
    const vector = row("m", 1, null, 3, NAN);
    expect((await compute(vector, ">", [2, 2, 2, 2], { bool: true })).result).toEqual([
      [`{a="1"}`, [0, null, 1, 0]],
    ]);
  });

  it("drops names at the end where that is wanted", async () => {
    const options = { delayed: true };
    expect((await compute(row("m", 1), "+", [2], options)).result).toEqual([[`-m{a="1"}`, [3]]]);
    expect((await compute(row("m", 1), "<", [2], { ...options, bool: true })).result).toEqual([
      [`-m{a="1"}`, [1]],
    ]);
    const dropped: Rows = [[{ __name__: "m" }, [1], { dropName: true }]];
    expect((await compute(dropped, "<", [2], options)).result).toEqual([["-m", [1]]]);
  });

  it("makes series one that differ only in their names, unless both are present", async () => {
    const turns: Rows = [...row("m", 1, null), ...row("n", null, 2)];
    expect((await compute(turns, "+", [1, 1])).result).toEqual([[`{a="1"}`, [2, 3]]]);
    await expect(compute([...row("m", 1), ...row("n", 2)], "+", [1])).rejects.toThrow(
      "vector cannot contain metrics with the same labelset",
    );
  });

  it("says which types an operator does not take", async () => {
    expect(await compute(row("m", "H", 2), "+", [1, 1])).toEqual({
      result: [[`{a="1"}`, [null, 3]]],
      remarks: [
        'PromQL info: incompatible sample types encountered for binary operator "+": histogram + float',
      ],
    });
    expect(await compute([1, 1], "<", row("m", "H", 2))).toMatchObject({
      remarks: [
        'PromQL info: incompatible sample types encountered for binary operator "<": float < histogram',
      ],
    });
    expect(await compute(row("m", "H", 2), "</", [1, 1])).toEqual({
      result: [],
      remarks: [
        'PromQL info: incompatible sample types encountered for binary operator "</": float </ float',
      ],
    });
  });
});

describe("between vectors, one to one", () => {
  const left: Rows = [
    [{ __name__: "l", job: "foo", i: "a" }, [10, 11]],
    [{ __name__: "l", job: "foo", i: "b" }, [20, null]],
    [{ __name__: "l", job: "bar", i: "a" }, [30, 31]],
  ];
  const right: Rows = [
    [{ __name__: "r", job: "bar", i: "a" }, [1, null]],
    [{ __name__: "r", job: "foo", i: "a" }, [2, 4]],
    [{ __name__: "r", job: "foo", i: "c" }, [3, 5]],
  ];

  it("meets where all labels but the name are equal", async () => {
    for (const backwards of [false, true])
      expect((await compute(left, "-", right, { backwards })).result).toEqual([
        [`{i="a", job="foo"}`, [8, 7]],
        [`{i="a", job="bar"}`, [29, null]],
      ]);
  });

  it("keeps the left side's samples, names and all, where a comparison holds", async () => {
    expect((await compute(left, ">", right)).result).toEqual([
      [`l{i="a", job="foo"}`, [10, 11]],
      [`l{i="a", job="bar"}`, [30, null]],
    ]);
    expect((await compute(left, ">", right, { bool: true })).result).toEqual([
      [`{i="a", job="foo"}`, [1, 1]],
      [`{i="a", job="bar"}`, [1, null]],
    ]);
    expect((await compute(left, ">", right, { bool: true, delayed: true })).result).toEqual([
      [`-l{i="a", job="foo"}`, [1, 1]],
      [`-l{i="a", job="bar"}`, [1, null]],
    ]);
  });

  it("keeps the labels that were matched on", async () => {
    const ones = left.slice(0, 2);
    expect(
      await compute(ones, "*", right.slice(0, 2), { on: true, labels: ["i"] }).catch(String),
    ).toBe(
      'QueryError: found duplicate series for the match group {i="a"} on the right hand-side of the operation: ' +
        '[{__name__="r", i="a", job="bar"}, {__name__="r", i="a", job="foo"}];' +
        "many-to-many matching not allowed: matching labels must be unique on one side",
    );
    expect((await compute(ones, "*", right.slice(1), { on: true, labels: ["i"] })).result).toEqual([
      [`{i="a"}`, [20, 44]],
    ]);
    expect((await compute(ones, "*", right.slice(1), { labels: ["job"] })).result).toEqual([
      [`{i="a"}`, [20, 44]],
    ]);
    expect((await compute(row("l", 1), "*", row("r", 2), { on: true })).result).toEqual([
      ["{}", [2]],
    ]);
  });

  it("lets series of a group take turns", async () => {
    const turns: Rows = [
      [{ x: "1", side: "r" }, [1, null, null]],
      [{ x: "2", side: "r" }, [null, 2, null]],
    ];
    const other: Rows = [[{ side: "r" }, [10, 20, 30]]];
    const options = { on: true, labels: ["side"] };
    expect((await compute(other, "+", turns, options)).result).toEqual([
      [`{side="r"}`, [11, 22, null]],
    ]);
    expect((await compute(turns, "+", other, options)).result).toEqual([
      [`{side="r"}`, [11, 22, null]],
    ]);
  });

  it("fails where a group is met twice, even if a comparison keeps neither", async () => {
    const many: Rows = [
      [{ label: "foo", job: "t" }, [null, 0]],
      [{ label: "bar", job: "t" }, [1, 0]],
    ];
    const one: Rows = [[{ job: "t" }, [1, 1]]];
    const options = { on: true, labels: ["job"] };
    const message =
      "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)";
    await expect(compute(many, ">", one, options)).rejects.toThrow(message);
    await expect(compute(many, "+", one, options)).rejects.toThrow(message);
    await expect(compute(many, "==", one, { labels: ["label"] })).rejects.toThrow(message);
  });

  it("fails for two of a group on the right only where the left has any sample", async () => {
    const two: Rows = [
      [{ x: "1" }, [1, null]],
      [{ x: "2" }, [2, 2]],
    ];
    const options = { on: true };
    expect((await compute([[{}, [null, 5]]], "+", two, options)).result).toEqual([
      ["{}", [null, 7]],
    ]);
    await expect(compute([[{}, [5, null]]], "+", two, options)).rejects.toThrow(
      'found duplicate series for the match group {} on the right hand-side of the operation: [{x="1"}, {x="2"}]',
    );
    await expect(compute([[{}, [null, 5]]], "+", two, { ...options, fillLeft: 0 })).rejects.toThrow(
      "found duplicate series",
    );
  });

  it("fails where names were all that told results apart", async () => {
    const both: Rows = [...row("m", 1), ...row("n", 2)];
    await expect(compute(both, "+", both, { on: true, labels: ["__name__"] })).rejects.toThrow(
      "vector cannot contain metrics with the same labelset",
    );
  });

  it("says which types an operator does not take", async () => {
    expect(await compute(row("l", "H", 1, "H", 5), "%", row("r", 1, "H", "H", 2))).toEqual({
      result: [[`{a="1"}`, [null, null, null, 1]]],
      remarks: ["histogram % float", "float % histogram", "histogram % histogram"].map(
        (pair) =>
          `PromQL info: incompatible sample types encountered for binary operator "%": ${pair}`,
      ),
    });
  });
});

describe("between vectors, many to one", () => {
  const cpu: Rows = [
    [{ __name__: "cpu", i: "a", mode: "idle" }, [3]],
    [{ __name__: "cpu", i: "a", mode: "user" }, [1]],
    [{ __name__: "cpu", i: "b", mode: "idle" }, [8]],
  ];
  const role: Rows = [
    [{ __name__: "role", i: "a", role: "db", mode: "x" }, [2]],
    [{ __name__: "role", i: "c", role: "web" }, [1]],
  ];
  const left: Options = { cardinality: "many-to-one", on: true, labels: ["i"] };
  const right: Options = { ...left, cardinality: "one-to-many" };

  it("keeps all labels of the many, and takes those that are named", async () => {
    expect((await compute(cpu, "-", role, left)).result).toEqual([
      [`{i="a", mode="idle"}`, [1]],
      [`{i="a", mode="user"}`, [-1]],
    ]);
    expect((await compute(cpu, "-", role, { ...left, include: ["role", "none"] })).result).toEqual([
      [`{i="a", mode="idle", role="db"}`, [1]],
      [`{i="a", mode="user", role="db"}`, [-1]],
    ]);
    expect((await compute(role, "-", cpu, { ...right, include: ["role"] })).result).toEqual([
      [`{i="a", mode="idle", role="db"}`, [-1]],
      [`{i="a", mode="user", role="db"}`, [1]],
    ]);
  });

  it("keeps the value of the left side in comparisons, the labels of the many", async () => {
    expect((await compute(role, ">", cpu, right)).result).toEqual([
      [`cpu{i="a", mode="user"}`, [2]],
    ]);
    expect((await compute(cpu, "<", role, left)).result).toEqual([
      [`cpu{i="a", mode="user"}`, [1]],
    ]);
  });

  it("fails where taken labels make results alike", async () => {
    await expect(compute(cpu, "+", role, { ...left, include: ["mode"] })).rejects.toThrow(
      "multiple matches for labels: grouping labels must ensure unique matches",
    );
    await expect(
      compute(
        cpu,
        ">",
        role.map(([labels]) => [labels, [99]] as const),
        { ...left, include: ["mode"] },
      ),
    ).rejects.toThrow("multiple matches for labels: grouping labels must ensure unique matches");
  });

  it("fails for two of a group, naming their side", async () => {
    await expect(compute(role, "+", cpu, left)).rejects.toThrow(
      'found duplicate series for the match group {i="a"} on the right hand-side of the operation: ' +
        '[{__name__="cpu", i="a", mode="idle"}, {__name__="cpu", i="a", mode="user"}]',
    );
    await expect(compute(cpu, "+", role, right)).rejects.toThrow(
      'found duplicate series for the match group {i="a"} on the left hand-side',
    );
  });

  it("gives a series for each set of taken labels, where those take turns", async () => {
    const many: Rows = [
      [{ i: "a", m: "1" }, [1, 2, 3]],
      [{ i: "a", m: "2" }, [4, null, 6]],
    ];
    const turns: Rows = [
      [{ i: "a", role: "db" }, [10, null, null]],
      [{ i: "a", role: "web" }, [null, 20, null]],
    ];
    const options = { ...left, include: ["role"] };
    const matched: [string, Row][] = [
      [`{i="a", m="1", role="db"}`, [11, null, null]],
      [`{i="a", m="1", role="web"}`, [null, 22, null]],
    ];
    expect((await compute(many, "+", turns, options)).result).toEqual([
      ...matched,
      [`{i="a", m="2", role="db"}`, [14, null, null]],
    ]);
    expect((await compute(many, "+", turns, { ...options, fillRight: 0 })).result).toEqual([
      ...matched,
      [`{i="a", m="1"}`, [null, null, 3]],
      [`{i="a", m="2", role="db"}`, [14, null, null]],
      [`{i="a", m="2"}`, [null, null, 6]],
    ]);
  });
});

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

  it("keeps apart what differs in whether its name is to be dropped", async () => {
    const dropped: Rows = [[{ __name__: "m", a: "1" }, [null, 2], { dropName: true }]];
    expect((await compute(row("m", 1, null), "or", dropped, { delayed: true })).result).toEqual([
      [`m{a="1"}`, [1, null]],
      [`-m{a="1"}`, [null, 2]],
    ]);
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
