import { expect, it } from "vitest";
import { parseExpr } from "../syntax/parser.ts";
import { printExpr } from "../syntax/printer.ts";
import { pinSelectors } from "./pin-selectors.ts";

function pinned(query: string): string | undefined {
  const expr = pinSelectors(parseExpr(query, { features: "all" }), 60_000);
  return expr === undefined ? undefined : printExpr(expr);
}

it.each([
  ["a", "a @ 60.000"],
  ["rate(a[5m] offset 1m) / -b", "rate(a[5m] @ 60.000 offset 1m) / -b @ 60.000"],
  ["a @ 10 + a @ start() + a @ end()", "a @ 10.000 + a @ 60.000 + a @ 60.000"],
  ["topk(scalar(k), a)", "topk(scalar(k @ 60.000), a @ 60.000)"],
  ["sum by (x) ((a))", "sum by (x) ((a @ 60.000))"],
  // What stands inside a subquery follows it, whatever it is.
  ["max_over_time(timestamp(a)[5m:1m])", "max_over_time(timestamp(a)[5m:1m] @ 60.000)"],
  ["1 + vector(2)", "1 + vector(2)"],
])("%s becomes %s", (query, printed) => {
  expect(pinned(query)).toBe(printed);
});

it.each([
  "time()",
  "a + timestamp(a)",
  "hour()",
  "predict_linear(a[5m], 1)",
  "a - vector(start())",
])("%s depends on the time, and stays as it is", (query) => {
  expect(pinned(query)).toBeUndefined();
});
