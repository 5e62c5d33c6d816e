import { describe, expect, it } from "vitest";
import type { BinaryOperator } from "../syntax/ast.ts";
import type { Options, Row, Rows } from "./testing.ts";
import { compute, INF, NAN, row } from "./testing.ts";

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
