import { describe, expect, it } from "vitest";
import { drawError } from "./caret.ts";
import { ParseError } from "./parse-error.ts";
import { parseExpr } from "./parser.ts";

function drawn(query: string): string[] {
  try {
    parseExpr(query);
  } catch (error) {
    return drawError(error as ParseError).split("\n");
  }
  return [];
}

describe("drawError", () => {
  it("points at the place", () => {
    expect(drawn("rate(up[5m]) + rate(down)")).toEqual([
      '1:21: parse error: expected type range vector in call to function "rate", got instant vector',
      "  rate(up[5m]) + rate(down)",
      "                      ^",
    ]);
  });

  it("shows the line of a query that has several, and keeps tabs", () => {
    expect(drawn("sum(\n\trate(up[5m]) $\n)").slice(1)).toEqual([
      "  \trate(up[5m]) $",
      "  \t             ^",
    ]);
  });

  it("points behind the end where something is missing", () => {
    expect(drawn("sum(up").slice(1)).toEqual(["  sum(up", "        ^"]);
    expect(drawn("up +\n").slice(1)).toEqual(["  ", "  ^"]);
  });

  it("gives a character of two code units one column", () => {
    expect(drawn('up{a="😀"} $').slice(1)).toEqual(['  up{a="😀"} $', "            ^"]);
  });

  it("shows sixty characters around a place in a long line", () => {
    const [, line, caret] = drawn(`${"up + ".repeat(50)}$${" + up".repeat(50)}`);
    expect(line).toBe(`  …${"up + ".repeat(12)}$${" + up".repeat(12).slice(0, 59)}…`);
    expect(caret).toBe(`${" ".repeat(63)}^`);
  });

  it("draws nothing of an empty query", () => {
    expect(drawn("")).toEqual(["unknown position: parse error: no expression found in input"]);
  });
});

describe("ParseError", () => {
  it("finds places in long texts of many lines", () => {
    const query = `${"é\n".repeat(3000)}${"😀".repeat(1500)}x`;
    const place = (start: number): string =>
      new ParseError("?", { start, end: start }, query).message;
    expect(place(0)).toBe("1:1: parse error: ?");
    expect(place(1)).toBe("1:3: parse error: ?");
    expect(place(2)).toBe("2:1: parse error: ?");
    expect(place(6000)).toBe("3001:1: parse error: ?");
    expect(place(9000)).toBe("3001:6001: parse error: ?");
    expect(place(9001)).toBe("3001:6002: parse error: ?");
  });
});
