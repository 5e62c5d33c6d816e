import { describe, expect, it } from "vitest";
import type { DurationExpr, Expr, VectorSelector } from "./ast.ts";
import type { FeaturesLike } from "./features.ts";
import { ParseError } from "./parse-error.ts";
import { parseExpr } from "./parser.ts";

const parse = (text: string): Expr => parseExpr(text, { features: "all" });

/** A tree as nested lists of what tells its nodes apart, with the text each node spans. */
function outline(expr: Expr, text: string): unknown {
  const written = text.slice(expr.span.start, expr.span.end);
  const of = (inner: Expr): unknown => outline(inner, text);
  switch (expr.kind) {
    case "number":
    case "string":
      return [written, expr.value];
    case "vectorSelector":
      return [written, ...selectorOutline(expr)];
    case "matrixSelector":
      return [written, of(expr.selector), durationOutline(expr.range)];
    case "subquery":
      return [
        written,
        of(expr.expr),
        durationOutline(expr.range),
        durationOutline(expr.step),
        durationOutline(expr.offset),
        expr.at,
      ];
    case "paren":
    case "unary":
      return [written, of(expr.expr)];
    case "binary":
      return [written, expr.operator, of(expr.left), of(expr.right)];
    case "aggregate":
      return [
        written,
        expr.operator,
        expr.param === undefined ? undefined : of(expr.param),
        of(expr.expr),
      ];
    case "call":
      return [written, expr.name, ...expr.args.map(of)];
  }
}

function selectorOutline(selector: VectorSelector): unknown[] {
  const matchers = selector.matchers.map(({ name, operator, value }) => name + operator + value);
  return [
    selector.name,
    matchers.join(),
    durationOutline(selector.offset),
    selector.at,
    selector.extension,
  ];
}

function durationOutline(duration: DurationExpr | undefined): unknown {
  if (duration === undefined) return undefined;
  switch (duration.kind) {
    case "number":
      return duration.value;
    case "durationUnary":
      return [duration.operator, durationOutline(duration.operand)];
    case "durationBinary":
      return [durationOutline(duration.left), duration.operator, durationOutline(duration.right)];
    case "durationCall":
      return [duration.name, ...duration.args.map(durationOutline)];
    case "durationParen":
      return [durationOutline(duration.inner)];
  }
}

const selector = (written: string, name = written): unknown[] => [
  ...[written, name, `__name__=${name}`, undefined, undefined, undefined],
];

describe("parseExpr", () => {
  it.each<[string, unknown]>([
    [" 0x1F ", ["0x1F", 31]],
    ["- 1", ["- 1", -1]],
    ["+5m", ["+5m", 300]],
    ["'a\\n'", ["'a\\n'", "a\n"]],
    ["-2 ^ 2", ["-2 ^ 2", ["2 ^ 2", "^", ["2", 2], ["2", 2]]]],
    ["2 ^ 3 ^ 2", ["2 ^ 3 ^ 2", "^", ["2", 2], ["3 ^ 2", "^", ["3", 3], ["2", 2]]]],
    ["1 - 2 - 3", ["1 - 2 - 3", "-", ["1 - 2", "-", ["1", 1], ["2", 2]], ["3", 3]]],
    ["1 + -2 * 3", ["1 + -2 * 3", "+", ["1", 1], ["-2 * 3", "*", ["-2", -2], ["3", 3]]]],
    ["(1)", ["(1)", ["1", 1]]],
    [
      "a or b and c",
      ["a or b and c", "or", selector("a"), ["b and c", "and", selector("b"), selector("c")]],
    ],
    [
      "a atan2 b / c",
      ["a atan2 b / c", "/", ["a atan2 b", "atan2", selector("a"), selector("b")], selector("c")],
    ],
    [
      "a </ b > c",
      ["a </ b > c", ">", ["a </ b", "</", selector("a"), selector("b")], selector("c")],
    ],
    ["and unless sum", ["and unless sum", "unless", selector("and"), selector("sum")]],
    ["fill * fill_left", ["fill * fill_left", "*", selector("fill"), selector("fill_left")]],
    ["rate(a[5m])", ["rate(a[5m])", "rate", ["a[5m]", selector("a"), 300]]],
    ["min_of(1, time())", ["min_of(1, time())", "min_of", ["1", 1], ["time()", "time"]]],
    ["sum(a) by (b)", ["sum(a) by (b)", "sum", undefined, selector("a")]],
    ["TopK without (b) (1, a)", ["TopK without (b) (1, a)", "topk", ["1", 1], selector("a")]],
  ])("reads %s", (text, expected) => {
    expect(outline(parse(text), text)).toEqual(expected);
  });

  it.each<[string, unknown[]]>([
    ['a{b="c", d!~"e"}', ["a", "__name__=a,b=c,d!~e", undefined, undefined, undefined]],
    ['{"a.b", "c.d"="e"}', [undefined, "__name__=a.b,c.d=e", undefined, undefined, undefined]],
    ['{b=~"c|d",}', [undefined, "b=~c|d", undefined, undefined, undefined]],
    ["a:b offset 5m", ["a:b", "__name__=a:b", 300, undefined, undefined]],
    ["a offset -1.5", ["a", "__name__=a", -1.5, undefined, undefined]],
    ["a offset -step()", ["a", "__name__=a", ["-", ["step"]], undefined, undefined]],
    ["a offset +step()", ["a", "__name__=a", ["step"], undefined, undefined]],
    ["a offset (5m) + 1", ["a", "__name__=a", [[300], "+", 1], undefined, undefined]],
    ["a offset - -5m * 2", ["a", "__name__=a", [300, "*", 2], undefined, undefined]],
    [
      "a @ -1.0005",
      ["a", "__name__=a", undefined, { at: "timestamp", timestampMs: -1001 }, undefined],
    ],
    [
      "a @ 5m",
      ["a", "__name__=a", undefined, { at: "timestamp", timestampMs: 300_000 }, undefined],
    ],
    ["a @ END() anchored", ["a", "__name__=a", undefined, { at: "end" }, "anchored"]],
    ["a smoothed offset 1 @ start()", ["a", "__name__=a", 1, { at: "start" }, "smoothed"]],
  ])("reads the selector %s", (text, expected) => {
    expect(outline(parse(text), text)).toEqual([text, ...expected]);
  });

  it.each<[string, unknown]>([
    ["5m", 300],
    ["300", 300],
    ["0.5", 0.5],
    ["- -1m", 60],
    ["1m + 2m * 3 ^ 2 % 4", [60, "+", [[120, "*", [3, "^", 2]], "%", 4]]],
    ["-2 ^ 2 + 1h", [["-", [2, "^", 2]], "+", 3600]],
    ["(step() + 1) / 2", [[[["step"], "+", 1]], "/", 2]],
    ["MIN_OF(range(), max_of(1m, -1))", ["min_of", ["range"], ["max_of", 60, -1]]],
  ])("reads the range [%s]", (range, expected) => {
    const expr = parse(`a[${range}]`);
    expect(expr.kind === "matrixSelector" && durationOutline(expr.range)).toEqual(expected);
  });

  it("puts the modifiers of a range on its selector", () => {
    const text = "a[5m] smoothed offset 1m @ 10";
    const at = { at: "timestamp", timestampMs: 10_000 };
    expect(outline(parse(text), text)).toEqual([
      text,
      ["a", "a", "__name__=a", 60, at, "smoothed"],
      300,
    ]);
  });

  it("reads the parts of a subquery", () => {
    const text = "a[1h:5m] offset 1d @ start()";
    const expected = [text, selector("a"), 3600, 300, 86_400, { at: "start" }];
    expect(outline(parse(text), text)).toEqual(expected);
    expect(outline(parse("a[1h:]"), "a[1h:]")).toEqual([
      ...["a[1h:]", selector("a"), 3600, undefined, undefined, undefined],
    ]);
  });

  it.each<[string, object]>([
    ["a * b", { cardinality: "one-to-one", on: false, labels: [], include: [] }],
    ["a and b", { cardinality: "many-to-many", on: false, labels: [], include: [] }],
    [
      "a * on (c, 'd e',) b",
      { cardinality: "one-to-one", on: true, labels: ["c", "d e"], include: [] },
    ],
    [
      "a * ignoring (by) group_left b",
      { cardinality: "many-to-one", on: false, labels: ["by"], include: [] },
    ],
    [
      "a * on () group_right (d) b",
      { cardinality: "one-to-many", on: true, labels: [], include: ["d"] },
    ],
    [
      "a * fill (0) b",
      { cardinality: "one-to-one", on: false, labels: [], include: [], fillLeft: 0, fillRight: 0 },
    ],
    [
      "a * fill_right (-1) fill_left (2m) b",
      {
        cardinality: "one-to-one",
        on: false,
        labels: [],
        include: [],
        fillLeft: 120,
        fillRight: -1,
      },
    ],
  ])("reads the matching of %s", (text, expected) => {
    const expr = parse(text);
    expect(expr.kind === "binary" && expr.matching).toEqual({
      fillLeft: undefined,
      fillRight: undefined,
      ...expected,
    });
  });

  it("knows no matching where an operand is a number", () => {
    const expr = parse("a * on () 1");
    expect(expr.kind === "binary" && [expr.matching, expr.returnBool]).toEqual([undefined, false]);
    const comparison = parse("1 == bool a");
    expect(comparison.kind === "binary" && comparison.returnBool).toBe(true);
  });

  it.each<[string, FeaturesLike, string]>([
    [
      "limitk(1, up)",
      [],
      "1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
    ],
    ["1 + step()", [], '1:5: parse error: function "step" is not enabled'],
    ["up anchored", [], "1:1: parse error: anchored modifier is experimental and not enabled"],
    [
      "up[5m] smoothed",
      ["promql-experimental-functions"],
      "1:1: parse error: smoothed modifier is experimental and not enabled",
    ],
    [
      "1 + (up * fill (1) up)",
      [],
      "1:6: parse error: binop fill modifiers are experimental and not enabled",
    ],
  ])("refuses %s without its feature", (text, features, message) => {
    expect(() => parseExpr(text, { features })).toThrow(message);
    expect(() => parse(text)).not.toThrow();
  });

  it("has duration expressions without a feature", () => {
    expect(() => parseExpr("up[5m * 2] offset (step() + 1)")).not.toThrow();
  });

  it("refuses a feature that is none", () => {
    const features = ["promql-everything"] as unknown as FeaturesLike;
    expect(() => parseExpr("up", { features })).toThrow(RangeError);
  });

  it("throws the first of all mistakes, which holds them all", () => {
    const text = "sum(\n  up down) + up\n  $";
    const thrown = ((): unknown => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    })() as ParseError;
    expect(thrown).toBeInstanceOf(ParseError);
    expect(thrown).toMatchObject({
      name: "ParseError",
      code: "LINKLIGHT_PROMQL_PARSE",
      reason: 'unexpected identifier "down" in aggregation',
      span: { start: 10, end: 14 },
      query: text,
      message: '2:6: parse error: unexpected identifier "down" in aggregation',
    });
    expect(thrown.errors.map(({ message }) => message)).toEqual([
      '2:6: parse error: unexpected identifier "down" in aggregation',
      "1:1: parse error: no arguments for aggregate expression provided",
      "3:3: parse error: unexpected character: '$'",
    ]);
  });

  it("counts columns in bytes and lines from one", () => {
    expect(() => parse('"é😀" +\n# é\n "é" $')).toThrow(
      "3:7: parse error: unexpected character: '$'",
    );
  });
});
