import type { MetricFamilyInfo } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { Collector } from "../collector.ts";
import { Gauge } from "../instrument/gauge.ts";
import { StateSet } from "../instrument/state-set.ts";
import { Registry } from "./registry.ts";

function describing(name: string, ...infos: readonly Partial<MetricFamilyInfo>[]): Collector {
  return { name, describe: () => infos as MetricFamilyInfo[], collect: () => [] };
}

const level = { name: "level", type: "gauge", help: "Level", unit: "" } as const;

describe("registration", () => {
  it.each([undefined, null, 3, "sample"])("says what %s should have been", (subject) => {
    expect(() => new Registry().register(subject as unknown as Collector)).toThrow(
      new TypeError(
        "cannot register: expected an instrument, or a collector: an object with a name and collect()",
      ),
    );
  });

  it("refuses a description that is none", () => {
    const bad = describing("c", { name: "a", type: "countr" as "counter" });
    expect(() => new Registry().register(bad)).toThrow(
      new TypeError(
        'cannot register collector c: it describes a family "a" of type "countr": expected a name and one of counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown',
      ),
    );
  });

  it("refuses a collector whose own families contradict each other", () => {
    const bad = describing("c", level, { ...level, type: "unknown" });
    expect(() => new Registry().register(bad)).toThrow(
      new TypeError(
        "cannot register collector c: family level is a unknown here and a gauge in itself",
      ),
    );
  });

  it("asks a collector for its description once, also when scrapes choose families", async () => {
    let asked = 0;
    const registry = new Registry().register({
      name: "c",
      describe() {
        asked += 1;
        return [level];
      },
      collect: () => [],
    });
    await registry.gather({ names: ["level"] });
    await registry.gather({ names: ["other"] });
    expect(asked).toBe(1);
  });

  it("keeps a name for a collector that shares it with one that has gone", () => {
    const gone = describing("gone", level);
    const registry = new Registry().register(gone, describing("stays", level));
    registry.unregister(gone);
    expect(() =>
      registry.register(new StateSet({ name: "level", help: "Level", states: ["high"] })),
    ).toThrow(
      new TypeError(
        "cannot register metric level: family level is a stateset here and a gauge in collector stays",
      ),
    );
  });

  it.each(["", "__name__", "__address__"])("refuses %j as the name of a common label", (name) => {
    expect(() => new Registry({ commonLabels: { [name]: "x" } })).toThrow(
      new TypeError(
        `invalid name of a common label: ${JSON.stringify(name)}: it must not be empty or begin with "__"`,
      ),
    );
  });

  it("forgets a collector that is unregistered while it runs", async () => {
    let finish = (): void => undefined;
    const slow: Collector = {
      name: "slow",
      collect: () =>
        new Promise((resolve) => {
          finish = () => resolve([]);
        }),
    };
    const registry = new Registry().register(slow, describing("other"));
    const running = registry.gather();
    registry.unregister(slow);
    finish();
    await running;
    expect(await registry.text()).not.toContain("slow");
  });
});

describe("an instrument", () => {
  it("is shown whatever a collector before it repeats of it, and keeps its place", async () => {
    const registry = new Registry().register(
      new Gauge({ name: "first", help: "F" }),
      {
        name: "copy",
        collect: () => [new Gauge({ name: "own", help: "O" }), new Gauge({ name: "a", help: "A" })],
      },
      new Gauge({ name: "a", help: "A" }),
    );
    registry.register({ name: "b", collect: () => [new Gauge({ name: "b", help: "B" })] });
    const gathering = await registry.gather();
    expect(gathering.families.map(({ name }) => name)).toEqual([
      "first",
      "a",
      "b",
      "linklight_collector_success",
      "linklight_collector_duration_seconds",
    ]);
    expect([...(gathering.families[3]?.parts[0]?.values ?? [])]).toEqual([0, 1]);
  });
});

describe("a deadline", () => {
  it("may be infinite", async () => {
    const registry = new Registry().register({
      name: "c",
      collect: () => new Promise((resolve) => setTimeout(() => resolve([]), 20)),
    });
    await registry.gather({ deadline: Number.POSITIVE_INFINITY });
    expect(await registry.text()).toContain('linklight_collector_success{collector="c"} 1\n');
  });

  it("has not passed for collections that overlap, however many there are", async () => {
    let calls = 0;
    const registry = new Registry().register({
      name: "c",
      async collect() {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return [];
      },
    });
    const deadline = Date.now() + 10_000;
    const names = ["a", "b", "c", "d", "e", "f"];
    await Promise.all(names.map((name) => registry.gather({ names: [name], deadline })));
    expect(calls).toBe(names.length);
  });
});
