import { describe, expect, it } from "vitest";
import { parseExpr } from "../syntax/parser.ts";
import type { Annotation } from "./annotations.ts";
import { settleAnnotations } from "./settle-annotations.ts";

/** A remark about the n-th occurrence of a part of the query. */
function about(query: string, part: string, text: string, n = 0): Annotation {
  let start = query.indexOf(part);
  for (let i = 0; i < n; i++) start = query.indexOf(part, start + 1);
  return { severity: "info", text, span: { start, end: start + part.length } };
}

describe("settleAnnotations", () => {
  it("keeps what differs, in its order", () => {
    const query = "rate(b[5m]) + rate(a[5m])";
    const both = [about(query, "b[5m]", "b"), about(query, "a[5m]", "a")];
    expect(settleAnnotations(both, parseExpr(query))).toEqual(both);
  });

  it("keeps the right one of two sides, whichever came first", () => {
    const query = "sum(rate(a[5m])) + sum(rate(a[5m]))";
    const [left, right] = [about(query, "a[5m]", "a"), about(query, "a[5m]", "a", 1)];
    expect(settleAnnotations([left, right], parseExpr(query))).toEqual([right]);
    expect(settleAnnotations([right, left], parseExpr(query))).toEqual([right]);
  });

  it("keeps the outer one of two that are inside each other", () => {
    const query = "quantile(5, quantile(5, a))";
    const [outer, inner] = [about(query, "5", "5"), about(query, "5", "5", 1)];
    const other = about(query, "a", "other");
    expect(settleAnnotations([outer, inner, other], parseExpr(query))).toEqual([outer, other]);
    expect(settleAnnotations([inner, other, outer], parseExpr(query))).toEqual([outer, other]);
  });

  it("puts what is said of a subquery at the beginning", () => {
    const query = "rate(a[5m]) + rate((a)[5m:])";
    const [left, right] = [about(query, "a[5m]", "a"), about(query, "(a)[5m:]", "a")];
    expect(settleAnnotations([right, left], parseExpr(query))).toEqual([
      { ...right, span: { start: 0, end: 0 } },
    ]);
  });

  it.each([
    ["quantile((5), a)", "(5)", "5"],
    ["rate((a[5m]))", "(a[5m])", "a[5m]"],
    ["histogram_quantile(0.1, ((xy)))", "((xy))", "xy"],
    ["quantile_over_time((3), a[5m])", "(3)", "(3)"],
    ["quantile_over_time((3), a[5m] @ 7)", "(3)", "3"],
  ])("puts what is said of an argument where Prometheus does: %s", (query, part, place) => {
    const { span } = about(query, place, "");
    expect(settleAnnotations([about(query, part, "a")], parseExpr(query))).toEqual([
      { ...about(query, part, "a"), span },
    ]);
  });
});
