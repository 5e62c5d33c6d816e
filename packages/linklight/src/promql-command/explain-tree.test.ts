import { type ExplainNode, explainExpr, parseExpr } from "@linklight/promql";
import { describe, expect, it } from "vitest";
import { explainTree } from "./explain-tree.ts";

const tree = (query: string): ExplainNode => explainExpr(parseExpr(query));

describe("the drawing of a query", () => {
  it("has a line for every part, with its type", () => {
    expect(explainTree(tree("sum(rate(a[5m])) / (1 + -b) > on() c offset 5m")).split("\n")).toEqual(
      [
        "> on ()            instant vector",
        "├─ /               instant vector",
        "│  ├─ sum          instant vector",
        "│  │  └─ rate      instant vector",
        "│  │     └─ a[5m]  range vector",
        "│  └─ +            instant vector",
        "│     ├─ 1         scalar",
        "│     └─ -         instant vector",
        "│        └─ b      instant vector",
        "└─ c offset 5m     instant vector",
        "",
      ],
    );
  });

  it("sets measurements in columns, and leaves out what was not measured", () => {
    const rate = tree("rate(a[5m])");
    const [selector] = rate.children as [ExplainNode];
    const measured = {
      ...rate,
      ...{ series: 12, samples: 1200, selfMs: 0.5, totalMs: 10.25 },
      children: [selector],
    };
    expect(explainTree(measured).split("\n")).toEqual([
      "          type            series  samples  self ms  total ms",
      "rate      instant vector      12     1200    0.500    10.250",
      "└─ a[5m]  range vector",
      "",
    ]);
  });

  it("does not let a long selector push the columns away", () => {
    const long = `{a=~"${"x".repeat(70)}"}`;
    expect(explainTree(tree(`sum(${long})`)).split("\n")).toEqual([
      "sum  instant vector",
      `└─ ${long}  instant vector`,
      "",
    ]);
  });
});
