import { describe, expect, it } from "vitest";
import { parseExpr } from "./parser.ts";
import { formatExpr } from "./prettifier.ts";
import { printExpr } from "./printer.ts";

const print = (text: string): string => printExpr(parseExpr(text, { features: "all" }));

describe("printExpr", () => {
  it.each<[string, string]>([
    ["0x10 + 1e21 + 1e-7 + +Inf + nan", "16 + 1000000000000000000000 + 0.0000001 + +Inf + NaN"],
    ["-5m", "-5m"],
    ["90m + 3600", "1h30m + 3600"],
    ["8745385222ms", "101d5h16m25s222ms"],
  ])("writes numbers: %s", (text, expected) => {
    expect(print(text)).toBe(expected);
  });

  it.each<[string, string]>([
    [
      "label_replace(up,'a\"','\\u00e9\\x00',`b`,'')",
      'label_replace(up, "a\\"", "é\\x00", "b", "")',
    ],
    ['up{b="2",a=~"1"}', 'up{a=~"1",b="2"}'],
    ['{b="2",a!="1",__name__=~"u.*"}', '{__name__=~"u.*",a!="1",b="2"}'],
    ['{"up"}', '{__name__="up"}'],
    ['{"a b"="c", up=`d`}', '{"a b"="c",up="d"}'],
    ["up offset 300 @ 1.5", "up @ 1.500 offset 5m"],
    ["up offset 0s", "up"],
    ["up[300] offset -0.5 anchored @ end()", "up[5m] anchored @ end() offset -500ms"],
    ["up offset 1m smoothed @ start()", "up @ start() smoothed offset 1m"],
    ["up[1h :] @ 1 offset 1d", "up[1h:] @ 1.000 offset 1d"],
    ["up[ (step()+1)*2 : MAX_OF(1,2m) ]", "up[(step() + 1) * 2:max_of(1, 2m)]"],
    ['SUM(up)BY(a,"b c")', 'sum by (a, "b c") (up)'],
    ["sum(up) without ()", "sum without () (up)"],
    ["sum by () (up)", "sum(up)"],
    ["topk(1,up)", "topk(1, up)"],
    ["a==bool on(x)group_left b", "a == bool on (x) group_left () b"],
    ["a+ignoring()b", "a + b"],
    ["a+on()b", "a + on () b"],
    ['a*on(x)group_right(y,"z z")fill(1e6)b', 'a * on (x) group_right (y, "z z") fill (1e+06) b'],
    ["a+fill_right(-1)fill_left(5m)b", "a + fill_left (300) fill_right (-1) b"],
    ["-(up)", "-(up)"],
    ["- - up", "--up"],
  ])("writes %s as Prometheus does", (text, expected) => {
    expect(print(text)).toBe(expected);
  });
});

describe("formatExpr", () => {
  const format = (text: string): string => formatExpr(parseExpr(text, { features: "all" }));
  const a = `a{x="${"x".repeat(50)}"}`;

  it("keeps on one line what fits 100 bytes", () => {
    const label = `{a="${"x".repeat(90)}"}`;
    expect(format(`up ${label}`)).toBe(`up${label}`);
    expect(format(`sum(up{a="${"é".repeat(43)}"})`)).toBe(`sum(up{a="${"é".repeat(43)}"})`);
    expect(format(`sum(up{a="${"é".repeat(45)}"})`)).toBe(`sum(\n  up{a="${"é".repeat(45)}"}\n)`);
  });

  it.each<[string, string]>([
    [`${a} + on (x) ${a}`, `  ${a}\n+ on (x)\n  ${a}`],
    [`sum by (x) (${a} > bool ${a})`, `sum by (x) (\n    ${a}\n  > bool\n    ${a}\n)`],
    [`topk(5, abs(${a} - ${a}))`, `topk(\n  5,\n  abs(\n      ${a}\n    -\n      ${a}\n  )\n)`],
    [`-(${a} + ${a})`, `-(\n    ${a}\n  +\n    ${a}\n)`],
    [`(${a} + ${a})[1h:5m] offset 1d`, `(\n    ${a}\n  +\n    ${a}\n)[1h:5m] offset 1d`],
    [`clamp(${a}, 0, scalar(${a}))`, `clamp(\n  ${a},\n  0,\n  scalar(${a})\n)`],
  ])("splits %s", (text, expected) => {
    expect(format(text)).toBe(expected);
  });
});
