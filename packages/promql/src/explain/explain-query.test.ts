import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import { parseExpr } from "../syntax/parser.ts";
import { type ExplainNode, explainExpr } from "./explain-expr.ts";
import { explainQuery } from "./explain-query.ts";

/** Two ports of a switch, a sample every 15 s for five minutes. */
function storage(): MemoryStorage {
  const memory = new MemoryStorage();
  for (const port of ["1", "2"])
    for (let i = 0; i <= 20; i++)
      memory.append(
        { __name__: "rx_packets_total", port },
        { timestamp: i * 15_000, value: i * 100 },
      );
  return memory;
}

/** A tree without what the clock says, as nested lists. */
function shape({ title, type, series, samples, children }: ExplainNode): unknown[] {
  return [title, type, series, samples, ...children.map(shape)];
}

const engine = new Engine({ features: "all" });
const range = { startMs: 120_000, endMs: 300_000, stepMs: 60_000 };

describe("the tree of an expression", () => {
  it("says what each part does, of what type it is and where it stands", () => {
    const text = "sum by (port) (rate(rx_packets_total[5m])) > bool -(2)";
    expect(explainExpr(parseExpr(text))).toEqual({
      kind: "binary",
      title: "> bool",
      text: "sum by (port) (rate(rx_packets_total[5m])) > bool -(2)",
      type: "vector",
      span: { start: 0, end: text.length },
      children: [
        {
          kind: "aggregate",
          title: "sum by (port)",
          text: "sum by (port) (rate(rx_packets_total[5m]))",
          type: "vector",
          span: { start: 0, end: 42 },
          children: [
            {
              kind: "call",
              title: "rate",
              text: "rate(rx_packets_total[5m])",
              type: "vector",
              span: { start: 15, end: 41 },
              children: [
                {
                  kind: "matrixSelector",
                  title: "rx_packets_total[5m]",
                  text: "rx_packets_total[5m]",
                  type: "matrix",
                  span: { start: 20, end: 40 },
                  children: [],
                },
              ],
            },
          ],
        },
        {
          kind: "unary",
          title: "-",
          text: "-(2)",
          type: "scalar",
          span: { start: 50, end: 54 },
          children: [
            {
              kind: "number",
              title: "2",
              text: "2",
              type: "scalar",
              span: { start: 52, end: 53 },
              children: [],
            },
          ],
        },
      ],
    });
  });
});

describe("an explained query", () => {
  it("counts series and samples of every part of an instant query", async () => {
    const query = "topk(1, (rate(rx_packets_total[1m])))";
    const { result, tree } = await explainQuery(engine, storage(), { query, timeMs: 300_000 });
    expect(result).toEqual(await engine.instant(storage(), { query, timeMs: 300_000 }));
    // The window of a minute has four samples.
    expect(shape(tree)).toEqual([
      "topk",
      "vector",
      1,
      1,
      ["1", "scalar", undefined, 1],
      ["rate", "vector", 2, 2, ["rx_packets_total[1m]", "matrix", 2, 8]],
    ]);
  });

  it("counts the samples of all steps of a range query", async () => {
    const query = "max_over_time((rx_packets_total > 0)[1m:30s])";
    const { result, tree } = await explainQuery(engine, storage(), { query, ...range });
    expect(result).toEqual(await engine.range(storage(), { query, ...range }));
    expect(shape(tree)).toEqual([
      "max_over_time",
      "vector",
      2,
      8,
      [
        "[1m:30s]",
        "matrix",
        2,
        16,
        [
          ">",
          "vector",
          2,
          16,
          ["rx_packets_total", "vector", 2, 16],
          ["0", "scalar", undefined, 8],
        ],
      ],
    ]);
  });

  it("counts what is the same at every step as what it gives", async () => {
    const query = "sum(rx_packets_total @ 60)";
    const { tree } = await explainQuery(engine, storage(), { query, ...range });
    expect(shape(tree)).toEqual([
      "sum",
      "vector",
      1,
      4,
      ["rx_packets_total @ 60.000", "vector", 2, 2],
    ]);
  });

  it("does not count samples of a text", async () => {
    const { tree } = await explainQuery(engine, storage(), { query: '"text"', timeMs: 0 });
    expect(shape(tree)).toEqual(['"text"', "string", undefined, undefined]);
  });

  it("has no measurements of what nobody evaluated", async () => {
    const query = "absent(rx_packets_total)";
    const { tree } = await explainQuery(engine, new MemoryStorage(), { query, timeMs: 0 });
    expect(tree.series).toBe(1);
    expect(tree.children[0]?.series ?? 0).toBe(0);
  });

  it("divides the time of a part among itself and what is inside it", async () => {
    const query = "sum(rate(rx_packets_total[5m])) + sum(rx_packets_total)";
    const { tree } = await explainQuery(engine, storage(), { query, ...range });
    const check = (node: ExplainNode): void => {
      const { selfMs = Number.NaN, totalMs = Number.NaN, children } = node;
      const inside = children.reduce((sum, child) => sum + (child.totalMs ?? 0), 0);
      expect(selfMs).toBe(Math.max(0, totalMs - inside));
      for (const child of children) check(child);
    };
    check(tree);
    expect(tree.totalMs).toBeGreaterThan(0);
  });
});
