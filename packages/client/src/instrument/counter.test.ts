import { describe, expect, expectTypeOf, it } from "vitest";
import type { LabelsOf } from "../family/series-family.ts";
import { Registry } from "../registry/registry.ts";
import { Counter } from "./counter.ts";

describe("Counter", () => {
  it("is exposed with 0 before anything was counted, when it has no labels", async () => {
    const registry = new Registry();
    new Counter({ name: "scrapes_total", help: "Scrapes", registry });
    expect(await registry.text()).toBe(
      "# HELP scrapes_total Scrapes\n# TYPE scrapes_total counter\nscrapes_total 0\n",
    );
  });

  it("counts by one and by any amount that is not negative", () => {
    const packets = new Counter({
      name: "rx_packets_total",
      help: "Packets",
      labelNames: ["port"],
    });
    packets.labels({ port: "1" }).inc();
    packets.labels({ port: "1" }).inc(2.5);
    packets.labels("1").inc(0);
    expect(packets.labels("1").value).toBe(3.5);
  });

  it("gives the same child for the same labels, by name or by position, numbers as text", () => {
    const packets = new Counter({
      name: "rx_packets_total",
      help: "Packets",
      labelNames: ["port", "queue"],
    });
    const child = packets.labels({ queue: 7, port: "1" });
    expect(packets.labels("1", "7")).toBe(child);
    expect(packets.labels({ port: 1, queue: "7" })).toBe(child);
    expect(packets.labels("17", "")).not.toBe(child);
  });

  it("gets _total where the name lacks it, so that its series has one name in every format", async () => {
    const registry = new Registry();
    new Counter({ name: "requests", help: "Requests", registry });
    expect(await registry.text()).toContain("\nrequests_total 0\n");
    expect(await registry.text("openmetrics-1.0.0")).toContain(
      "# TYPE requests counter\nrequests_total 0.0\n",
    );
  });

  it.each([
    [
      -1,
      RangeError,
      "metric a_total: a counter cannot go down: inc(-1); use a gauge for values that do",
    ],
    [
      Number.NaN,
      RangeError,
      "metric a_total: a counter cannot go down: inc(NaN); use a gauge for values that do",
    ],
    ["1" as unknown as number, TypeError, "metric a_total: inc() expects a number, got string"],
  ])("refuses inc(%s)", (by, kind, message) => {
    const counter = new Counter({ name: "a_total", help: "A" });
    expect(() => counter.inc(by)).toThrow(new kind(message));
    expect(counter.labels().value).toBe(0);
  });

  it("keeps the exemplar of the last increment that had one", async () => {
    const registry = new Registry();
    const counter = new Counter({ name: "a_total", help: "A", registry, now: () => 1_500 });
    counter.inc(3, { trace_id: "abc" });
    counter.inc(1);
    expect(await registry.text("openmetrics-1.0.0")).toContain(
      'a_total 4.0 # {trace_id="abc"} 3.0 1.500\n',
    );
  });

  it("does not count an increment whose exemplar it refuses", () => {
    const counter = new Counter({ name: "a_total", help: "A" });
    const notText = { id: 5 } as unknown as Record<string, string>;
    expect(() => counter.inc(1, notText)).toThrow(
      new TypeError('label "id" must have a text as value, got number'),
    );
    expect([...(counter.table().parts[0]?.values ?? [])]).toEqual([0]);
  });

  it("takes label values by their names only where it has label names", () => {
    expectTypeOf<LabelsOf<never>>().toEqualTypeOf<Readonly<Record<string, never>>>();
    expectTypeOf<LabelsOf<"port">>().toEqualTypeOf<Readonly<Record<"port", string | number>>>();
  });

  it("refuses an exemplar whose labels have more than 128 characters together", () => {
    const counter = new Counter({ name: "a_total", help: "A" });
    expect(() => counter.inc(1, { trace_id: "😀".repeat(120) })).not.toThrow();
    expect(() => counter.inc(1, { trace_id: "x".repeat(121) })).toThrow(
      new RangeError(
        "metric a_total: exemplar labels have 129 characters together; at most 128 are allowed",
      ),
    );
  });
});
