import { describe, expect, it } from "vitest";
import { parseExpr } from "./parser.ts";
import { children, walk } from "./walk.ts";

const text = "topk(2, -(rate(up[5m]) * on () down)) + vector(time()) or max_over_time(up[1h:]) > 1";
const written = (expr: { span: { start: number; end: number } }): string =>
  text.slice(expr.span.start, expr.span.end);

describe("children", () => {
  it.each<[string, string[]]>([
    ["1", []],
    ["up", []],
    ["(up)", ["vectorSelector"]],
    ["-up", ["vectorSelector"]],
    ["up[5m]", ["vectorSelector"]],
    ["(1 + up)[1h:]", ["paren"]],
    ["1 + up", ["number", "vectorSelector"]],
    ["sum(up)", ["vectorSelector"]],
    ['count_values("a", up)', ["string", "vectorSelector"]],
    ["clamp_max(up, 1)", ["vectorSelector", "number"]],
  ])("of %s stand in the order of the text", (query, kinds) => {
    expect(children(parseExpr(query)).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe("walk", () => {
  it("visits the outer before the inner, in the order of the text", () => {
    const visited: string[] = [];
    walk(parseExpr(text), (expr) => visited.push(written(expr)));
    expect(visited).toEqual([
      text,
      "topk(2, -(rate(up[5m]) * on () down)) + vector(time())",
      "topk(2, -(rate(up[5m]) * on () down))",
      "2",
      "-(rate(up[5m]) * on () down)",
      "(rate(up[5m]) * on () down)",
      "rate(up[5m]) * on () down",
      "rate(up[5m])",
      "up[5m]",
      "up",
      "down",
      "vector(time())",
      "time()",
      "max_over_time(up[1h:]) > 1",
      "max_over_time(up[1h:])",
      "up[1h:]",
      "up",
      "1",
    ]);
  });

  it("goes no deeper where the visitor says false", () => {
    const visited: string[] = [];
    walk(parseExpr(text), (expr) => {
      visited.push(expr.kind);
      return expr.kind === "binary";
    });
    expect(visited).toEqual(["binary", "binary", "aggregate", "call", "binary", "call", "number"]);
  });
});
