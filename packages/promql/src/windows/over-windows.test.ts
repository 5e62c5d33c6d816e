import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { Annotations } from "../annotations/annotations.ts";
import { Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { MatrixOperator } from "../eval/operator.ts";
import type { FeatureFlag } from "../syntax/features.ts";
import { countOverTime, sumOverTime } from "./over-time.ts";
import { overWindows } from "./over-windows.ts";
import { QuantileOverTime } from "./quantile-over-time.ts";
import type { WindowKernel } from "./window.ts";

interface Sampled {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [seconds: number, value: number])[];
}

/** Windows of 30 s which end at 0, 10 s, 20 s … */
function matrixOf(series: readonly Sampled[], waits = false): MatrixOperator {
  return {
    series: series.map(({ labels }) => ({ labels: Labels.from(labels), dropName: false })),
    rangeMs: 30_000,
    extension: undefined,
    lookbackMs: 0,
    windowEnd: (k) => 10_000 * k,
    samples(i, into) {
      into.clear();
      for (const [seconds, value] of series[i]?.samples ?? [])
        into.pushFloat(seconds * 1000, value);
      return waits ? Promise.resolve() : undefined;
    },
  };
}

/** A context of six steps whose budget asks for a pause every so many reports of work. */
function contextOf(pauseEvery = Infinity, features: FeatureFlag[] = []) {
  let reports = 0;
  const pauses = { count: 0 };
  const budget = {
    spend: () => ++reports % pauseEvery === 0,
    pause: async () => {
      pauses.count++;
    },
    hold: () => undefined,
    release: () => undefined,
  };
  const context: EvalContext = {
    queryable: { select: () => ({ series: [] }) },
    steps: { startMs: 0, stepMs: 10_000, count: 6 },
    query: { startMs: 0, endMs: 50_000, stepMs: 10_000 },
    lookbackDeltaMs: 300_000,
    defaultSubqueryStepMs: 60_000,
    features: new Set(features),
    annotations: new Annotations(),
    budget,
    signal: undefined,
    text: "",
    storageWarnings: new Set(),
    around: undefined,
    open: () => Promise.reject(new Error("nothing is opened here")),
  };
  return { context, pauses };
}

async function columnsOf(
  matrix: MatrixOperator,
  kernel: WindowKernel,
  { context }: { context: EvalContext } = contextOf(),
): Promise<unknown> {
  const vector = await overWindows(matrix, kernel, context);
  const all: unknown[] = [];
  for (let i = 0; i < vector.series.length; i++) {
    const column = new Column(context.steps.count);
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    const values = Array.from(column.values, (value, k) => (column.present[k] ? value : undefined));
    all.push([`${vector.series[i]?.labels}`, values]);
  }
  return all;
}

const x: Sampled = {
  labels: { __name__: "x", a: "1" },
  samples: [
    [0, 1],
    [10, 2],
    [20, 4],
    [40, 8],
  ],
};

describe("overWindows", () => {
  it("computes each window, which is open at its start and closed at its end", async () => {
    expect(await columnsOf(matrixOf([x]), sumOverTime)).toEqual([['{a="1"}', [1, 3, 7, 6, 12, 8]]]);
  });

  it("has nothing where a window is empty", async () => {
    const late = { ...x, samples: [[15, 3]] as const };
    expect(
      await columnsOf(matrixOf([late, { ...x, labels: { b: "2" }, samples: [] }]), countOverTime),
    ).toEqual([
      ['{a="1"}', [undefined, undefined, 1, 1, 1, undefined]],
      ['{b="2"}', Array(6).fill(undefined)],
    ]);
  });

  it.each([1, 2, 5])(
    "pauses inside a series, after %d steps, and goes on where it was",
    async (n) => {
      const asked = contextOf(n);
      const kernel = (): WindowKernel =>
        new QuantileOverTime(new Float64Array(6).fill(0.5), () => {});
      const series = [x, { ...x, labels: { b: "2" } }];
      const expected = await columnsOf(matrixOf(series), kernel());
      expect(await columnsOf(matrixOf(series), kernel(), asked)).toEqual(expected);
      expect(asked.pauses.count).toBeGreaterThan(0);
      expect(await columnsOf(matrixOf(series, true), kernel(), contextOf(n))).toEqual(expected);
    },
  );

  it("has the windows of very many samples prepared", async () => {
    // 70,000 samples in the last window of 30 s; the others are short.
    const many = Array.from({ length: 70_000 }, (_, i): [number, number] => [40 + i / 7000, i % 7]);
    const series = [{ ...x, samples: [...x.samples.slice(0, 3), ...many] }];
    const asked = contextOf(3);
    const median = new QuantileOverTime(new Float64Array(6).fill(0.5), () => {});
    expect(await columnsOf(matrixOf(series), median, asked)).toEqual([
      ['{a="1"}', [1, 1.5, 2, 3, 2, 3]],
    ]);
    expect(asked.pauses.count).toBeGreaterThan(0);
  });

  it("refuses series that are equal without their names, though at different times", async () => {
    const later: Sampled = { labels: { __name__: "y", a: "1" }, samples: [[50, 9]] };
    const early: Sampled = { ...x, samples: [[0, 1]] };
    await expect(columnsOf(matrixOf([early, later]), sumOverTime)).rejects.toThrow(
      "vector cannot contain metrics with the same labelset",
    );
    // One without any sample does not count.
    const none: Sampled = { ...later, samples: [] };
    expect(await columnsOf(matrixOf([early, none]), sumOverTime)).toEqual([
      ['{a="1"}', [1, 1, 1, undefined, undefined, undefined]],
    ]);
    const delayed = contextOf(Infinity, ["promql-delayed-name-removal"]);
    expect(await columnsOf(matrixOf([early, later]), sumOverTime, delayed)).toEqual([
      ['x{a="1"}', [1, 1, 1, undefined, undefined, undefined]],
      ['y{a="1"}', [undefined, undefined, undefined, undefined, undefined, 9]],
    ]);
  });
});
