import { describe, expect, it } from "vitest";
import { ParseError } from "./parse-error.ts";
import { parseExpr, parseSelector } from "./parser.ts";

describe("a selector that stands alone", () => {
  it.each([
    ["up", ["__name__=up"]],
    ["sum", ["__name__=sum"]],
    ["a:b:c", ["__name__=a:b:c"]],
    [' up { job = "x" , } ', ["__name__=up", "job=x"]],
    ['{"a.b", c!~"d|e"}', ["__name__=a.b", "c!~d|e"]],
    // As a query these would be a slip of the hand.
    ["{}", []],
    ['{x=""}', ["x="]],
    ['a{__name__="b"}', ["__name__=b", "__name__=a"]],
  ])("%s has its matchers", (text, expected) => {
    const matchers = parseSelector(text).map(
      ({ name, operator, value }) => `${name}${operator}${value}`,
    );
    expect(matchers.sort()).toEqual([...expected].sort());
  });

  it.each([
    ["", "unknown position: parse error: unexpected end of input"],
    ["a b", '1:3: parse error: unexpected identifier "b"'],
    ["a[5m]", '1:2: parse error: unexpected "["'],
    ["a offset 5m", "1:3: parse error: unexpected <offset>"],
    ["sum(a)", '1:4: parse error: unexpected "("'],
    ["(a)", '1:1: parse error: unexpected "("'],
    ["-a", "1:1: parse error: unexpected <op:->"],
    ["1", '1:1: parse error: unexpected number "1"'],
    ['"x"', '1:1: parse error: unexpected string "\\"x\\""'],
    ["a{", "1:3: parse error: unexpected end of input inside braces"],
    ['{a=~"["}', "1:2: parse error: error parsing regexp: missing closing ]: `[`"],
  ])("%j is refused in Prometheus' words", (text, message) => {
    const mistake = caught(() => parseSelector(text));
    expect(mistake).toBeInstanceOf(ParseError);
    expect((mistake as Error).message).toBe(message);
  });

  it("is what the same text is as a query, where that is one", () => {
    for (const text of ["up", 'up{job=~"x.*"}', '{__name__="up",a!="b"}']) {
      const expr = parseExpr(text);
      const shown = expr.kind === "vectorSelector" ? expr.matchers : [];
      const plain = ({ name, operator, value }: (typeof shown)[number]) => [name, operator, value];
      expect(parseSelector(text).map(plain)).toEqual(shown.map(plain));
    }
  });
});

function caught(job: () => unknown): unknown {
  try {
    return job();
  } catch (error) {
    return error;
  }
}
