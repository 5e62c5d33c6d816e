import { describe, expect, it } from "vitest";
import type { FeaturesLike } from "../syntax/features.ts";
import { ParseError } from "../syntax/parse-error.ts";
import { parseExpr } from "../syntax/parser.ts";
import { checkExpr } from "./check-expr.ts";

/** The mistakes of a query, as messages, each with the text that its span covers. */
function mistakes(query: string, features: FeaturesLike = "all"): readonly (readonly string[])[] {
  try {
    parseExpr(query, { features });
    return [];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.errors.map(({ message, span }) => [message, query.slice(span.start, span.end)]);
  }
}

const vectorOrScalar = "binary expression must contain only scalar and instant vector types";

describe("the types of operands", () => {
  it.each([
    ["1 + foo[5m]", [[`1:5: parse error: ${vectorOrScalar}`, "foo[5m]"]]],
    ['"a" + 1', [[`1:1: parse error: ${vectorOrScalar}`, '"a"']]],
    [
      'foo[1m] == "a"',
      [
        [`1:1: parse error: ${vectorOrScalar}`, "foo[1m]"],
        [`1:12: parse error: ${vectorOrScalar}`, '"a"'],
      ],
    ],
    [
      '-"a"',
      [
        [
          '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
          '-"a"',
        ],
      ],
    ],
    [
      "-foo[5m]",
      [
        [
          '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
          "-foo[5m]",
        ],
      ],
    ],
    [
      "(1)[5m:1m]",
      [
        [
          "1:1: parse error: subquery is only allowed on instant vector, got scalar instead",
          "(1)[5m:1m]",
        ],
      ],
    ],
    [
      "foo[5m:1m][5m:1m]",
      [
        [
          "1:1: parse error: subquery is only allowed on instant vector, got matrix instead",
          "foo[5m:1m][5m:1m]",
        ],
      ],
    ],
    [
      "-foo + (bar - 1)[5m:1m] offset 5m",
      [[`1:8: parse error: ${vectorOrScalar}`, "(bar - 1)[5m:1m] offset 5m"]],
    ],
    ["-foo + (bar - 1)", []],
  ])("are checked: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("the modifier bool", () => {
  it.each([
    [
      "foo + bool bar",
      [["1:5: parse error: bool modifier can only be used on comparison operators", "+ bool"]],
    ],
    [
      "foo and bool bar",
      [["1:5: parse error: bool modifier can only be used on comparison operators", "and bool"]],
    ],
    [
      "1 +\n\tbool 10",
      [["1:3: parse error: bool modifier can only be used on comparison operators", "+\n\tbool"]],
    ],
    ["1 == 1", [["1:3: parse error: comparisons between scalars must use BOOL modifier", "=="]]],
    ["(1)>=(2)", [["1:4: parse error: comparisons between scalars must use BOOL modifier", ">="]]],
    ["1 == bool 1", []],
    ["foo == 1", []],
    ["foo == bool bar", []],
  ])("belongs to comparisons, and to those of scalars always: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("set operators", () => {
  const message = (operator: string): string =>
    `1:1: parse error: set operator "${operator}" not allowed in binary scalar expression`;
  it.each([
    ["1 or 1", [[message("or"), "1 or 1"]]],
    ["foo and 1", [[message("and"), "foo and 1"]]],
    ["1 unless foo", [[message("unless"), "1 unless foo"]]],
    [
      "foo and on(bar) group_left(baz) bar",
      [
        [
          '1:1: parse error: no grouping allowed for "and" operation',
          "foo and on(bar) group_left(baz) bar",
        ],
        [
          "1:1: parse error: set operations must always be many-to-many",
          "foo and on(bar) group_left(baz) bar",
        ],
      ],
    ],
    [
      "foo or ignoring() group_right bar",
      [
        [
          '1:1: parse error: no grouping allowed for "or" operation',
          "foo or ignoring() group_right bar",
        ],
        [
          "1:1: parse error: set operations must always be many-to-many",
          "foo or ignoring() group_right bar",
        ],
      ],
    ],
    [
      "foo and fill(1) bar",
      [
        [
          "1:1: parse error: filling in missing series not allowed for set operators",
          "foo and fill(1) bar",
        ],
      ],
    ],
    ["foo and on(a) bar", []],
  ])("combine sets of series: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("vector matching", () => {
  const between = (column: number): string =>
    `1:${column}: parse error: vector matching only allowed between instant vectors`;
  it.each([
    ["foo + on(bar) 1", [[between(1), "foo + on(bar) 1"]]],
    ["1 + ignoring(bar) 1", [[between(1), "1 + ignoring(bar) 1"]]],
    [
      "foo + fill_left(0) 1",
      [
        [
          "1:1: parse error: filling in missing series only allowed between instant vectors",
          "foo + fill_left(0) 1",
        ],
      ],
    ],
    [
      "foo + on(bar) foo[5m]",
      [
        [`1:15: parse error: ${vectorOrScalar}`, "foo[5m]"],
        [between(1), "foo + on(bar) foo[5m]"],
      ],
    ],
    [
      "foo * on(a, b) group_left(c, b) bar",
      [
        [
          '1:5: parse error: label "b" must not occur in ON and GROUP clause at once',
          "* on(a, b) group_left(c, b)",
        ],
      ],
    ],
    ["foo * ignoring(a) group_left(a) bar", []],
    ["foo * on() group_left() bar", []],
    ["foo + on() 1", []],
    ["foo + on(bar) fill(0) bar", []],
  ])("is of two instant vectors: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("a selector", () => {
  const nonEmpty = "parse error: vector selector must contain at least one non-empty matcher";
  it.each([
    ["{}", [[`1:1: ${nonEmpty}`, "{}"]]],
    ['{x=""}', [[`1:1: ${nonEmpty}`, '{x=""}']]],
    ['{x=~".*"}', [[`1:1: ${nonEmpty}`, '{x=~".*"}']]],
    ['{x!~".+"}', [[`1:1: ${nonEmpty}`, '{x!~".+"}']]],
    ['{x!="a"}[5m]', [[`1:1: ${nonEmpty}`, '{x!="a"}']]],
    ['{x!~"a|"}', []],
    ['{x=~".+"}', []],
    ["foo{}", []],
    [
      'foo{__name__="bar"}',
      [
        [
          '1:1: parse error: metric name must not be set twice: "foo" or "bar"',
          'foo{__name__="bar"}',
        ],
      ],
    ],
    [
      'foo{__name__="foo"}',
      [
        [
          '1:1: parse error: metric name must not be set twice: "foo" or "foo"',
          'foo{__name__="foo"}',
        ],
      ],
    ],
    [
      'foo{"bar", __name__=~"b.*"}[1m]',
      [
        [
          '1:1: parse error: metric name must not be set twice: "foo" or "bar"',
          'foo{"bar", __name__=~"b.*"}',
        ],
        [
          '1:1: parse error: metric name must not be set twice: "foo" or "b.*"',
          'foo{"bar", __name__=~"b.*"}',
        ],
      ],
    ],
    ['{"foo", __name__="bar"}', []],
  ])("has one name at most and selects something: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("an aggregation", () => {
  it.each([
    [
      "sum(foo[5m])",
      [
        [
          "1:5: parse error: expected type instant vector in aggregation expression, got range vector",
          "foo[5m]",
        ],
      ],
    ],
    [
      "avg(1)",
      [
        [
          "1:5: parse error: expected type instant vector in aggregation expression, got scalar",
          "1",
        ],
      ],
    ],
    [
      "topk(foo, bar)",
      [
        [
          "1:6: parse error: expected type scalar in aggregation parameter, got instant vector",
          "foo",
        ],
      ],
    ],
    [
      "count_values(5, foo)",
      [["1:14: parse error: expected type string in aggregation parameter, got scalar", "5"]],
    ],
    [
      'quantile("x", 1)',
      [
        [
          "1:15: parse error: expected type instant vector in aggregation expression, got scalar",
          "1",
        ],
        ["1:10: parse error: expected type scalar in aggregation parameter, got string", '"x"'],
      ],
    ],
    ["limitk(scalar(foo), foo)", []],
    ["topk(time(), foo) by (a)", []],
    ['count_values("a b", foo)', []],
  ])("has an instant vector, and a parameter of its type: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("a call", () => {
  it.each([
    [
      "floor()",
      [['1:1: parse error: expected 1 argument(s) in call to "floor", got 0', "floor()"]],
    ],
    [
      "floor(foo, bar)",
      [['1:1: parse error: expected 1 argument(s) in call to "floor", got 2', "floor(foo, bar)"]],
    ],
    ["time(1)", [['1:1: parse error: expected 0 argument(s) in call to "time", got 1', "time(1)"]]],
    [
      "hour(foo, bar)",
      [
        [
          '1:1: parse error: expected at most 1 argument(s) in call to "hour", got 2',
          "hour(foo, bar)",
        ],
      ],
    ],
    [
      "round()",
      [['1:1: parse error: expected at least 1 argument(s) in call to "round", got 0', "round()"]],
    ],
    [
      "label_join(foo)",
      [
        [
          '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1',
          "label_join(foo)",
        ],
      ],
    ],
    [
      'label_join(foo, "a", ",", "b", 1)',
      [
        [
          '1:32: parse error: expected type string in call to function "label_join", got scalar',
          "1",
        ],
      ],
    ],
    [
      'histogram_quantiles(foo, "q", 1,1,1,1,1,1,1,1,1,1,1)',
      [
        [
          '1:1: parse error: expected at most 12 argument(s) in call to "histogram_quantiles", got 13',
          'histogram_quantiles(foo, "q", 1,1,1,1,1,1,1,1,1,1,1)',
        ],
      ],
    ],
    [
      "rate(foo)",
      [
        [
          '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
          "foo",
        ],
      ],
    ],
    [
      "abs(foo[1m])",
      [
        [
          '1:5: parse error: expected type instant vector in call to function "abs", got range vector',
          "foo[1m]",
        ],
      ],
    ],
    [
      "clamp(1, foo, 2)",
      [
        [
          '1:7: parse error: expected type instant vector in call to function "clamp", got scalar',
          "1",
        ],
        [
          '1:10: parse error: expected type scalar in call to function "clamp", got instant vector',
          "foo",
        ],
      ],
    ],
    [
      "rate(sum(foo[5m]))",
      [
        [
          "1:10: parse error: expected type instant vector in aggregation expression, got range vector",
          "foo[5m]",
        ],
        [
          '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
          "sum(foo[5m])",
        ],
      ],
    ],
    ["rate((foo[5m]))", []],
    ["hour()", []],
    ["round(foo, 5)", []],
    ['label_join(foo, "a", ",")', []],
    ['histogram_quantiles(foo, "q", 0.5)', []],
    ["max_of(1, min_of(2, 3))", []],
  ])("has as many arguments as it takes, of their types: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });

  it.each([
    [
      "info(foo, 1)",
      [
        [
          '1:1: parse error: expected type instant vector in call to function "info", got scalar',
          "info(foo, 1)",
        ],
        ["1:11: parse error: expected label selectors only", "1"],
        [
          '1:11: parse error: expected type instant vector in call to function "info", got scalar',
          "1",
        ],
      ],
    ],
    [
      "info(foo, bar)",
      [["1:11: parse error: expected label selectors only, got vector selector instead", "bar"]],
    ],
    ["info(foo, (bar))", [["1:11: parse error: expected label selectors only", "(bar)"]]],
    ['info(foo, {data=~".*"})', []],
    ["info(foo, {})", []],
    ["info(foo)", []],
  ])("to info() takes bare matchers: %s", (query, expected) => {
    expect(mistakes(query)).toEqual(expected);
  });
});

describe("a feature that is off", () => {
  it.each([
    ["mad_over_time(foo[5m])", '1:1: parse error: function "mad_over_time" is not enabled'],
    [
      "limitk(1, foo)",
      "1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
    ],
    [
      "foo + fill(1) bar",
      "1:1: parse error: binop fill modifiers are experimental and not enabled",
    ],
    [
      "rate(foo[5m] anchored)",
      "1:6: parse error: anchored modifier is experimental and not enabled",
    ],
  ])("is missed where it is used: %s", (query, message) => {
    expect(mistakes(query, []).map(([first]) => first)).toEqual([message]);
    const expr = parseExpr(query, { features: "all" });
    expect(checkExpr(expr, { query, features: [] }).map((error) => error.message)).toEqual([
      message,
    ]);
    expect(checkExpr(expr)).toEqual([]);
  });
});

describe("an expression that nobody parsed", () => {
  const span = { start: 0, end: 0 };
  const foo = parseExpr("foo");
  it.each([
    [
      "an unknown function",
      { kind: "call", span, name: "nosuch", args: [foo] },
      ['unknown function with name "nosuch"'],
    ],
    [
      "an aggregation without its parameter",
      {
        kind: "aggregate",
        span,
        operator: "topk",
        expr: foo,
        param: undefined,
        grouping: [],
        without: false,
      },
      ["wrong number of arguments for aggregate expression provided, expected 2, got 1"],
    ],
    [
      "an aggregation with a parameter it does not take",
      {
        kind: "aggregate",
        span,
        operator: "sum",
        expr: foo,
        param: foo,
        grouping: [],
        without: false,
      },
      ["wrong number of arguments for aggregate expression provided, expected 1, got 2"],
    ],
    [
      "a grouping by nothing and by what is no text",
      {
        kind: "aggregate",
        span,
        operator: "sum",
        expr: foo,
        param: undefined,
        grouping: ["", "\ud800", "a b"],
        without: true,
      },
      ['invalid label name for grouping: ""', 'invalid label name for grouping: "\\ufffd"'],
    ],
    [
      "a subquery of no length",
      {
        kind: "subquery",
        span,
        expr: foo,
        range: { kind: "number", span, value: 0, isDuration: true },
        step: { kind: "number", span, value: -1, isDuration: true },
        offset: undefined,
        at: undefined,
      },
      ["duration must be greater than 0", "duration must be greater than 0"],
    ],
  ] as const)("is checked as well: %s", (_, expr, reasons) => {
    const errors = checkExpr(expr);
    expect(errors.map((error) => error.reason)).toEqual(reasons);
    expect(errors[0]?.message).toBe(`unknown position: parse error: ${reasons[0]}`);
  });
});

it("finds every mistake of a text that is full of them", () => {
  const query = `label_join(foo, "a", ""${", 1 == 1".repeat(1_000)})`;
  expect(mistakes(query).length).toBe(2_000);
});
