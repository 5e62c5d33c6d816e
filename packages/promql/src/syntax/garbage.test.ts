import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExpressionParser } from "../grammar/expression-parser.ts";
import { DEEPEST_NESTING, isStop, TokenStream } from "../grammar/token-stream.ts";
import type { Expr } from "./ast.ts";
import { featuresFrom } from "./features.ts";
import { ParseError } from "./parse-error.ts";
import { parseExpr } from "./parser.ts";
import { printExpr } from "./printer.ts";

const file = new URL("../../../../conformance/promql-syntax/queries.jsonl", import.meta.url);
const queries = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => (JSON.parse(line) as { readonly query: string }).query);

/** Parses; a mistake must be a ParseError that holds itself first, with a place inside the text. */
function outcome(text: string): Expr | ParseError {
  try {
    return parseExpr(text, { features: "all" });
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError);
    const { errors } = error as ParseError;
    expect(errors[0]).toBe(error);
    for (const { span } of errors) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
    return error as ParseError;
  }
}

/** How often lexer and parser looked at something in a text. */
function stepsOf(text: string): number {
  const tokens = new TokenStream(text);
  try {
    new ExpressionParser(tokens, featuresFrom("all")).parse();
  } catch (thrown) {
    if (!isStop(thrown)) throw thrown;
  }
  return tokens.steps;
}

const pieces = fc.constantFrom(
  ...["(", ")", "{", "}", "[", "]", ",", ":", "=", "!", "~", "<", ">", "/", "+", "-", "^", "@"],
  ...[" by ", " on ", " group_left ", " bool ", " offset ", "sum", "rate", "up", "step()", "fill"],
  ...["5m", "0x", "1e", ".", '"a"', "'", "`", '"', "\\", "#", "\n", "é", "😀", "\ud800", "\u0000"],
);
const soup = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
const mutated = fc
  .tuple(
    fc.constantFrom(...queries),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), pieces), { maxLength: 4 }),
  )
  .map(([query, edits]) => {
    let text = query;
    for (const [where, length, piece] of edits) {
      const at = where % (text.length + 1);
      text = text.slice(0, at) + piece + text.slice(at + length);
    }
    return text;
  });

describe("garbage", () => {
  it.each<[string, fc.Arbitrary<string>]>([
    ["any text", fc.string({ unit: "binary" })],
    [
      "code units of any kind",
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    ],
    ["pieces of the language in any order", soup],
    ["queries with pieces put in and cut out", mutated],
  ])("ends in an expression or a ParseError: %s", (_, texts) => {
    const property = fc.property(texts, (text) => {
      outcome(text);
    });
    fc.assert(property, { seed: 42, numRuns: 3000 });
  });

  it("is read in steps that grow no faster than the text", () => {
    const property = fc.property(fc.oneof(soup, mutated), (text) => {
      expect(stepsOf(text)).toBeLessThanOrEqual(20 * (text.length + 2));
      expect(stepsOf(text.repeat(50))).toBeLessThanOrEqual(20 * (50 * text.length + 2));
    });
    fc.assert(property, { seed: 42, numRuns: 1000 });
  });

  it.each([
    "(",
    "sum(",
    "abs(",
    "-",
    "1+",
    "2^",
    "up[",
    "up[(",
    "up[min_of(1,",
    "up offset -",
    "{a=",
  ])("of %s a hundred thousand times overflows no stack", (piece) => {
    expect(outcome(piece.repeat(100_000))).toBeInstanceOf(ParseError);
  });
});

describe("nesting", () => {
  const depth = DEEPEST_NESTING / 2;
  it.each<[string, string, string]>([
    ["(", "up", ")"],
    ["abs(", "up", ")"],
    ["sum(", "up", ")"],
    ["-", "up", ""],
    ["2 ^ ", "2", ""],
  ])("of %s%s%s is read and written 256 times over", (before, inner, after) => {
    const text = before.repeat(depth) + inner + after.repeat(depth);
    expect(printExpr(outcome(text) as Expr)).toBe(text);
  });

  it.each(["+ up", "or up", "* 2 + up", "- (up - up)", "== bool on (a) up"])(
    "does not grow in a chain of %s, however long",
    (link) => {
      const text = `up${` ${link}`.repeat(20_000)}`;
      expect(printExpr(outcome(text) as Expr)).toBe(text);
    },
  );

  it("is judged by what is inside a chain", () => {
    const deep = `${"(".repeat(510)}up${")".repeat(510)}`;
    expect(outcome(`up + ${deep} + up`)).not.toBeInstanceOf(ParseError);
    expect(outcome(`${deep} + up + up`)).not.toBeInstanceOf(ParseError);
    expect(outcome(`up + up + (${deep})`)).toBeInstanceOf(ParseError);
    expect(outcome(`up + (${deep}) + up`)).toBeInstanceOf(ParseError);
  });

  it("that is too deep is refused where it becomes so", () => {
    const text = `${"(".repeat(600)}up${")".repeat(600)}`;
    expect((outcome(text) as ParseError).message).toBe(
      "1:512: parse error: expression nested too deeply: at most 512 levels",
    );
  });
});
