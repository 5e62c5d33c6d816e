import { describe, expect, it } from "vitest";
import { settleAnnotations } from "../annotations/settle-annotations.ts";
import { checkExpr } from "../check/check-expr.ts";
import { isStepInvariant } from "../eval/step-invariant.ts";
import { explainExpr } from "../explain/explain-expr.ts";
import { referenceSelector } from "../info/reference-selector.ts";
import { pinSelectors } from "../runner/pin-selectors.ts";
import type { BinaryExpr, Expr } from "./ast.ts";
import { chainOf } from "./chain.ts";
import { ParseError } from "./parse-error.ts";
import { parseExpr } from "./parser.ts";
import { formatExpr } from "./prettifier.ts";
import { printExpr } from "./printer.ts";
import { valueType } from "./value-type.ts";
import { walk } from "./walk.ts";

const LENGTH = 10_000;

/** `a + a + …`, as a tree that no part has been asked of. */
function longChain(first: string, link = ` + ${first}`): Expr {
  return afresh(parseExpr(first + link.repeat(LENGTH), { features: "all" }));
}

/** A copy of all operators, so that nothing is known of them. */
function afresh(expr: Expr): Expr {
  if (expr.kind !== "binary") return expr;
  const chain = chainOf(expr);
  return chain.reduce<Expr>((left, one) => ({ ...one, left }), (chain[0] as BinaryExpr).left);
}

describe("a chain of ten thousand operators", () => {
  it("is given from the inside to the outside, up to what is known", () => {
    const expr = parseExpr("a + b - c * d") as BinaryExpr;
    expect(chainOf(expr).map(({ operator }) => operator)).toEqual(["+", "-"]);
    expect(chainOf(expr, ({ operator }) => operator === "+")).toEqual([expr]);
  });

  it("has a type", () => {
    expect(valueType(longChain("1"))).toBe("scalar");
    expect(valueType(longChain("1", " + up"))).toBe("vector");
  });

  it("is checked", () => {
    expect(checkExpr(longChain("up"))).toEqual([]);
    expect(() => parseExpr(`up${" + up".repeat(LENGTH)} + up[5m]`)).toThrow(ParseError);
  });

  it("is walked through in the order of the text", () => {
    const names: unknown[] = [];
    walk(longChain("a", " + b"), (part) => {
      if (part.kind === "vectorSelector") names.push(part.name);
    });
    expect(names).toEqual(["a", ...Array.from({ length: LENGTH }, () => "b")]);
  });

  it("is the same at every step, or not", () => {
    expect(isStepInvariant(longChain("up @ 5"))).toBe(true);
    expect(isStepInvariant(longChain("up", " + up @ 5"))).toBe(false);
  });

  it("is laid out over lines that are not indented without end", () => {
    const formatted = formatExpr(longChain("up"));
    expect(formatted.length).toBeLessThan(LENGTH * 1100);
    expect(printExpr(parseExpr(formatted))).toBe(printExpr(longChain("up")));
  });

  it("is explained to a depth that JSON can hold", () => {
    const tree = explainExpr(longChain("up"));
    expect(JSON.stringify({ ...tree, text: "" })).toContain('"kind":"binary"');
  });

  it("has its remarks put in order", () => {
    const expr = longChain("a", " + b");
    const remark = { severity: "info", text: "x", span: { start: 4, end: 5 } } as const;
    const later = { ...remark, span: { start: 8, end: 9 } };
    expect(settleAnnotations([later, remark], expr)).toEqual([later]);
  });

  it("is pinned to a time", () => {
    const pinned = pinSelectors(longChain("up"), 5000) as Expr;
    expect(printExpr(pinned)).toBe(`up @ 5.000${" + up @ 5.000".repeat(LENGTH)}`);
  });

  it("is searched for its first selector", () => {
    const query = { startMs: 0, endMs: 0, stepMs: 0 };
    const found = referenceSelector(longChain("1", " + up @ 7"), [], { query, text: "" });
    expect(found.at).toEqual({ at: "timestamp", timestampMs: 7000 });
  });
});
