import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Registry } from "../registry/registry.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { QuantileSketch } from "./quantile-sketch.ts";
import { Summary } from "./summary.ts";

describe("Summary", () => {
  it("keeps sum and count, and no quantiles unless asked", async () => {
    const registry = new Registry();
    const summary = new Summary({ name: "a_seconds", help: "A", registry });
    summary.observe(1);
    summary.observe(2);
    expect(await registry.text()).toBe(
      "# HELP a_seconds A\n# TYPE a_seconds summary\na_seconds_sum 3\na_seconds_count 2\n",
    );
  });

  it("forgets observations that left the window, but not their sum and count", async () => {
    let now = 0;
    const registry = new Registry();
    const summary = new Summary({
      name: "a",
      help: "A",
      quantiles: [0.5],
      maxAgeSeconds: 10,
      ageBuckets: 2,
      registry,
      now: () => now,
    });
    summary.observe(100);
    now = 4_000;
    const value = (text: string) => Number(/quantile="0.5"} (\S+)/.exec(text)?.[1]);
    expect(value(await registry.text())).toBeCloseTo(100, -1);
    now = 11_000;
    expect(await registry.text()).toContain('a{quantile="0.5"} NaN\na_sum 100\na_count 1\n');
    summary.observe(7);
    expect(value(await registry.text())).toBeCloseTo(7, 0);
  });

  it("does not mix what was observed before the clock was put back into the quantiles since", () => {
    const clock = new ManualClock();
    const options = { name: "a", help: "A", quantiles: [0, 1], maxAgeSeconds: 10 };
    const summary = new Summary({ ...options, now: clock.now });
    summary.observe(1000);
    clock.advance(-86_400_000);
    summary.observe(2);
    const [low = 0, high = 0] = summary.table().parts[0]?.values ?? [];
    expect([Math.round(low), Math.round(high)]).toEqual([2, 2]);
  });

  it("measures with startTimer what it returns, and refuses what is no number", async () => {
    const summary = new Summary({ name: "a_seconds", help: "A", labelNames: ["port"] });
    const seconds = summary.labels({ port: "1" }).startTimer()();
    const [part] = summary.table().parts;
    expect([...(part?.values ?? [])]).toEqual([seconds, 1]);
    expect(() => summary.labels("1").observe("2" as unknown as number)).toThrow(
      new TypeError("metric a_seconds: observe() expects a number, got string"),
    );
    expect(() => summary.startTimer()).toThrow("it has the labels port");
  });

  it.each([
    [{ quantiles: [0.5, 0.5] }, "metric a: quantiles must ascend from 0 to 1: 0.5 at position 1"],
    [{ quantiles: [1.1] }, "metric a: quantiles must ascend from 0 to 1: 1.1 at position 0"],
    [{ accuracy: 0 }, "metric a: accuracy must lie between 0 and 1, got 0"],
    [{ maxAgeSeconds: 0 }, "metric a: maxAgeSeconds must be greater than 0, got 0"],
    [{ ageBuckets: 1.5 }, "metric a: ageBuckets must be a whole number from 1, got 1.5"],
  ])("refuses %j", (options, message) => {
    expect(() => new Summary({ name: "a", help: "A", ...options })).toThrow(
      new RangeError(message),
    );
  });
});

describe("QuantileSketch", () => {
  it("finds quantiles to within its relative error", () => {
    const value = fc
      .double({ min: -1e9, max: 1e9, noNaN: true })
      .filter((v) => v === 0 || Math.abs(v) > 1e-9);
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, quantile) => {
          const sketch = new QuantileSketch(0.01);
          for (const v of values) sketch.add(v);
          const exact = [...values].sort((a, b) => a - b)[
            Math.floor(quantile * (values.length - 1))
          ] as number;
          const [found] = sketch.quantiles([quantile]) as [number];
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.0101);
        },
      ),
      { seed: 42 },
    );
  });

  it("gives NaN without values, and is the same whether sketches are merged or filled one after the other", () => {
    expect(new QuantileSketch(0.01).quantiles([0.5])).toEqual([Number.NaN]);
    const [left, right, both] = [
      new QuantileSketch(0.01),
      new QuantileSketch(0.01),
      new QuantileSketch(0.01),
    ];
    for (const v of [1, -5, 0]) for (const sketch of [left, both]) sketch.add(v);
    for (const v of [1e300, 3]) for (const sketch of [right, both]) sketch.add(v);
    left.merge(right);
    expect(left.quantiles([0, 0.25, 0.5, 1])).toEqual(both.quantiles([0, 0.25, 0.5, 1]));
  });

  it("stays within its memory for values over hundreds of powers of ten", () => {
    const sketch = new QuantileSketch(0.001);
    for (let i = -300; i < 300; i += 0.01) sketch.add(10 ** i);
    const [median, largest] = sketch.quantiles([0.99, 1]) as [number, number];
    expect(Math.log10(median)).toBeCloseTo(294, 0);
    expect(Math.log10(largest)).toBeCloseTo(300, 1);
  });
});
