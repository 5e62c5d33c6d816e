import { describe, expect, it } from "vitest";
import { parseExpr } from "../syntax/parser.ts";
import type { Annotation } from "./annotations.ts";
import { lastOfEach } from "./last-of-each.ts";

/** A remark about the n-th occurrence of a part of the query. */
function about(query: string, part: string, text: string, n = 0): Annotation {
  let start = query.indexOf(part);
  for (let i = 0; i < n; i++) start = query.indexOf(part, start + 1);
  return { severity: "info", text, span: { start, end: start + part.length } };
}

describe("lastOfEach", () => {
  it("keeps what differs, in its order", () => {
    const query = "rate(b[5m]) + rate(a[5m])";
    const both = [about(query, "b[5m]", "b"), about(query, "a[5m]", "a")];
    expect(lastOfEach(both, parseExpr(query))).toBe(both);
  });

  it("keeps the right one of two sides, whichever came first", () => {
    const query = "sum(rate(a[5m])) + sum(rate(a[5m]))";
    const [left, right] = [about(query, "a[5m]", "a"), about(query, "a[5m]", "a", 1)];
    expect(lastOfEach([left, right], parseExpr(query))).toEqual([right]);
    expect(lastOfEach([right, left], parseExpr(query))).toEqual([right]);
  });

  it("keeps the outer one of two that are inside each other", () => {
    const query = "quantile(5, quantile(5, a))";
    const [outer, inner] = [about(query, "5", "5"), about(query, "5", "5", 1)];
    const other = about(query, "a", "other");
    expect(lastOfEach([outer, inner, other], parseExpr(query))).toEqual([outer, other]);
    expect(lastOfEach([inner, other, outer], parseExpr(query))).toEqual([outer, other]);
  });
});
