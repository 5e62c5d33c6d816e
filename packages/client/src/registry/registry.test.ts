import { Labels, type Logger, type MetricFamily } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { CollectContext, Collection, Collector } from "../collector.ts";
import { CounterFamily, GaugeFamily } from "../family/number-family.ts";
import { Counter } from "../instrument/counter.ts";
import { Gauge } from "../instrument/gauge.ts";
import { Histogram } from "../instrument/histogram.ts";
import { Registry } from "./registry.ts";

function collector(
  name: string,
  collect: (context: CollectContext) => Collection,
  describe: MetricFamily["name"][] = [],
): Collector {
  return {
    name,
    collect,
    describe: () => describe.map((n) => ({ name: n, type: "gauge", help: n, unit: "" })),
  };
}

function gauge(name: string, port: string, value = 1): GaugeFamily<"port"> {
  return new GaugeFamily({ name, help: name, labelNames: ["port"] }).add({ port }, value);
}

/** The page without the durations, which differ each time. */
async function page(registry: Registry): Promise<string[]> {
  return (await registry.text())
    .split("\n")
    .filter((line) => line !== "" && !line.includes("linklight_collector_duration"));
}

function success(name: string, value: 0 | 1): string {
  return `linklight_collector_success{collector="${name}"} ${value}`;
}

function memoryLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = (level: string) => (message: string) => lines.push(`${level} ${message}`);
  const logger: Logger = {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    named: () => logger,
  };
  return { logger, lines };
}

describe("registration", () => {
  it("refuses a second instrument of a name and a second collector of a name", () => {
    const registry = new Registry().register(
      new Gauge({ name: "a", help: "A" }),
      collector("c", () => []),
    );
    expect(() => registry.register(new Gauge({ name: "a", help: "A" }))).toThrow(
      new TypeError(
        "metric a is registered already: two with one name would overwrite each other; unregister the first, or rename one",
      ),
    );
    expect(() => registry.register(collector("c", () => []))).toThrow(
      /^collector c is registered already/,
    );
  });

  it("refuses families that would have series of one name, or one name and two types", () => {
    const registry = new Registry().register(new Histogram({ name: "size", help: "Size" }));
    expect(() => registry.register(new Gauge({ name: "size_count", help: "A" }))).toThrow(
      new TypeError(
        "cannot register metric size_count: family size_count (gauge) and family size (histogram) of metric size would both have series named size_count",
      ),
    );
    expect(() => registry.register(collector("c", () => [], ["size"]))).toThrow(
      new TypeError(
        "cannot register collector c: family size is a gauge here and a histogram in metric size",
      ),
    );
  });

  it("lets a name be used again after unregister()", () => {
    const registry = new Registry();
    const first = new Gauge({ name: "a", help: "A", registry });
    expect(registry.unregister(first)).toBe(true);
    expect(registry.unregister(first)).toBe(false);
    registry.register(new Counter({ name: "a_total", help: "A" }));
  });

  it("refuses what is neither an instrument nor a collector", () => {
    expect(() => new Registry().register({} as Collector)).toThrow(
      new TypeError(
        "cannot register: expected an instrument, or a collector: an object with a name and collect()",
      ),
    );
  });

  it("adds all or none", () => {
    const registry = new Registry();
    const taken = new Gauge({ name: "b", help: "B", registry });
    const first = new Gauge({ name: "a", help: "A" });
    expect(() => registry.register(first, taken)).toThrow(/^metric b is registered already/);
    expect(registry.unregister(first)).toBe(false);
  });

  it("does not collect", () => {
    let collected = 0;
    new Registry().register(collector("c", () => [++collected].map(() => gauge("a", "1"))));
    expect(collected).toBe(0);
  });
});

describe("a page", () => {
  it("has families in the order of registration, and one block for a family of many collectors", async () => {
    const registry = new Registry().register(
      collector("left", () => [gauge("level", "1", 10), gauge("zero", "1")], ["level"]),
      new Gauge({ name: "alpha", help: "alpha" }),
      collector("right", () => [gauge("level", "2", 20)], ["level"]),
    );
    expect(await page(registry)).toEqual([
      "# HELP level level",
      "# TYPE level gauge",
      'level{port="1"} 10',
      'level{port="2"} 20',
      "# HELP zero zero",
      "# TYPE zero gauge",
      'zero{port="1"} 1',
      "# HELP alpha alpha",
      "# TYPE alpha gauge",
      "alpha 0",
      "# HELP linklight_collector_success Whether the last collection of a collector succeeded",
      "# TYPE linklight_collector_success gauge",
      success("left", 1),
      success("right", 1),
    ]);
  });

  it("accepts every form that collect() may return", async () => {
    const forms: Record<string, () => Collection> = {
      list: () => [gauge("from_list", "1")],
      *generator() {
        yield gauge("from_generator", "1");
      },
      promise: async () => [gauge("from_promise", "1")],
      async *async_generator() {
        yield gauge("from_async_generator", "1");
      },
      plain: () => [
        {
          name: "from_plain",
          type: "gauge",
          help: "",
          unit: "",
          metrics: [{ labels: Labels.from({ port: "1" }), value: 1 }],
        },
      ],
    };
    const registry = new Registry();
    for (const [name, collect] of Object.entries(forms)) registry.register({ name, collect });
    const lines = await page(registry);
    for (const name of Object.keys(forms)) expect(lines).toContain(`from_${name}{port="1"} 1`);
  });

  it("puts common labels on every series, below the series' own", async () => {
    const registry = new Registry({ commonLabels: { switch: "leaf1", port: "none" } }).register(
      collector("c", () => [gauge("level", "1")]),
    );
    expect(await page(registry)).toEqual(
      expect.arrayContaining([
        'level{port="1",switch="leaf1"} 1',
        'linklight_collector_success{collector="c",port="none",switch="leaf1"} 1',
      ]),
    );
  });

  it("has only the families asked for, and runs only the collectors that may have them", async () => {
    const ran: string[] = [];
    const noting = (name: string, family: string, describe: string[]) =>
      collector(
        name,
        () => {
          ran.push(name);
          return [gauge(family, "1")];
        },
        describe,
      );
    const registry = new Registry().register(
      noting("described", "level", ["level"]),
      noting("other", "zero", ["zero"]),
      noting("unchecked", "more", []),
      new Histogram({ name: "size", help: "Size", buckets: [1] }),
    );
    const { families } = await registry.gather({ names: ["level", "size_bucket"] });
    expect(families.map(({ name }) => name)).toEqual(["level", "size"]);
    expect(ran).toEqual(["described", "unchecked"]);
  });
});

describe("a collector that goes wrong", () => {
  const sound = collector("sound", () => [gauge("level", "1")]);
  const cases: readonly [string, () => Collection, RegExp][] = [
    [
      "throws",
      () => {
        throw new Error("boom");
      },
      /boom/,
    ],
    [
      "throws something that is no error",
      () => {
        throw "boom";
      },
      /collect\(\) threw boom/,
    ],
    [
      "throws half-way",
      function* () {
        yield gauge("other", "1");
        throw new Error("half-way");
      },
      /half-way/,
    ],
    [
      "rejects",
      async () => {
        throw new Error("rejected");
      },
      /rejected/,
    ],
    [
      "yields a series twice in one family",
      () => [
        {
          name: "other",
          type: "gauge",
          help: "",
          unit: "",
          metrics: [
            { labels: Labels.EMPTY, value: 1 },
            { labels: Labels.EMPTY, value: 2 },
          ],
        },
      ],
      /family other: duplicate series \{\}/,
    ],
    [
      "yields a series twice in two families",
      () => [gauge("other", "1"), gauge("other", "1")],
      /family other: duplicate series {port="1"}/,
    ],
    [
      "yields a series of another collector",
      () => [gauge("level", "1")],
      /family level: duplicate series {port="1"}/,
    ],
    [
      "contradicts the type of another's family",
      () => [new CounterFamily({ name: "level_total", help: "" }), gauge("level", "2")],
      /family level_total \(counter\) and family level \(gauge\) of collector sound would both have series named level/,
    ],
    [
      "yields a bad metric name",
      () => [{ name: "bad name", type: "gauge", help: "", unit: "", metrics: [] }],
      /invalid metric name "bad name"/,
    ],
    [
      "yields a bad label name",
      () => [
        {
          name: "other",
          type: "gauge",
          help: "",
          unit: "",
          metrics: [{ labels: Labels.from({ "a-b": "1" }), value: 1 }],
        },
      ],
      /family other: invalid label name "a-b"/,
    ],
    [
      "yields an unknown type",
      () => [{ name: "other", type: "level" as "gauge", help: "", unit: "", metrics: [] }],
      /family other: unknown type "level"/,
    ],
    ...[
      { what: "help", family: { help: undefined }, why: /help must be a text/ },
      { what: "unit", family: { unit: null }, why: /unit must be a text/ },
      { what: "list of metrics", family: { metrics: undefined }, why: /metrics must be a list/ },
      { what: "value", metric: { value: "1" }, why: /a number as value, got string/ },
      {
        what: "list of buckets",
        family: { type: "histogram" },
        why: /a metric of a histogram must have a list of buckets, got undefined/,
      },
      {
        what: "list of states",
        family: { type: "stateset" },
        metric: { states: {} },
        why: /a list of states, got object/,
      },
      {
        what: "label for itself",
        family: { type: "summary" },
        metric: { labels: Labels.from({ quantile: "0.5" }), quantiles: [] },
        why: /label name "quantile" is reserved in a summary/,
      },
      {
        what: "sound native histogram",
        family: { type: "histogram" },
        metric: { buckets: [], native: { schema: 99 } },
        why: /unsound native histogram: invalid schema 99/,
      },
      {
        what: "sound exemplar",
        metric: { exemplar: { labels: Labels.from({ "": "x" }), value: 1 } },
        why: /invalid label name "" in an exemplar/,
      },
    ].map(({ what, family, metric, why }): (typeof cases)[number] => [
      `yields a family without a ${what}`,
      () => [
        {
          name: "other",
          type: "gauge",
          help: "",
          unit: "",
          metrics: [{ labels: Labels.EMPTY, value: 1, ...metric }],
          ...family,
        } as unknown as MetricFamily,
      ],
      why,
    ]),
    [
      "throws what cannot be turned into text",
      () => {
        throw Object.create(null);
      },
      /collect\(\) threw \[Object: null prototype\] \{\}/,
    ],
    [
      "yields something else",
      () => ["level 1" as unknown as MetricFamily],
      /collect\(\) yielded a string: expected a metric family/,
    ],
    [
      "returns nothing",
      () => undefined as unknown as Collection,
      /collect\(\) returned undefined: expected metric families in a list or a generator/,
    ],
    [
      "never stops yielding",
      function* () {
        for (let i = 0; ; i++) yield gauge(`other_${i}`, "1");
      },
      /was not done after|yielded more than 100000 families/,
    ],
  ];

  it.each(cases)(
    "%s: loses its own families only, and the log says why",
    async (_what, collect, why) => {
      const { logger, lines } = memoryLogger();
      const registry = new Registry({ logger }).register(
        sound,
        { name: "broken", collect },
        collector("last", () => [gauge("last", "1")]),
      );
      await registry.gather({ deadline: Date.now() + 300 });
      const { families } = await registry.gather({ deadline: Date.now() + 300 });
      expect(families.map(({ name }) => name)).toEqual([
        "level",
        "last",
        "linklight_collector_success",
        "linklight_collector_duration_seconds",
      ]);
      expect([...(families[2]?.parts[0]?.values ?? [])]).toEqual([1, 0, 1]);
      const errors = lines.filter((line) => line.startsWith("error"));
      expect(errors[0]).toMatch(/^error collector broken failed, its families are left out: /);
      expect(errors[0]).toMatch(why);
    },
  );

  it("is left out at the deadline when it hangs, and its signal has aborted", async () => {
    let signal: AbortSignal | undefined;
    const registry = new Registry().register(
      sound,
      collector("hangs", (context) => {
        signal = context.signal;
        return new Promise(() => undefined);
      }),
    );
    const { families } = await registry.gather({ deadline: Date.now() + 30 });
    expect(families.map(({ name }) => name)).toContain("level");
    expect([...(families[1]?.parts[0]?.values ?? [])]).toEqual([1, 0]);
    expect(signal?.aborted).toBe(true);
  });

  it("is not asked again while four of its calls have not ended, so that nothing piles up", async () => {
    let calls = 0;
    const release: (() => void)[] = [];
    const { logger, lines } = memoryLogger();
    const registry = new Registry({ logger }).register(
      collector("hangs", () => {
        calls += 1;
        return new Promise((resolve) => release.push(() => resolve([])));
      }),
    );
    for (let i = 0; i < 6; i++) await registry.gather({ deadline: Date.now() + 5 });
    expect(calls).toBe(4);
    expect(lines.filter((line) => line.includes("not asked: 4 earlier calls"))).toHaveLength(1);
    for (const end of release) end();
    await new Promise((resolve) => setImmediate(resolve));
    const again = registry.gather({ deadline: Date.now() + 1000 });
    release.at(-1)?.();
    await again;
    expect(calls).toBe(5);
  });

  it("loses to the collector that described the name, though it was registered first", async () => {
    const registry = new Registry().register(
      {
        name: "thief",
        collect: () => [new CounterFamily({ name: "level_total", help: "" }).add({}, 1)],
      },
      collector("owner", () => [gauge("level", "1")], ["level"]),
    );
    const lines = await page(registry);
    expect(lines).toEqual(
      expect.arrayContaining(['level{port="1"} 1', success("thief", 0), success("owner", 1)]),
    );
    expect(lines.join()).not.toContain("level_total");
  });

  it("is said in the log once, and once more when it works again", async () => {
    const { logger, lines } = memoryLogger();
    let broken = true;
    const registry = new Registry({ logger }).register(
      collector("c", () => {
        if (broken) throw new Error("boom");
        return [];
      }),
    );
    await registry.gather();
    await registry.gather();
    broken = false;
    await registry.gather();
    expect(lines.filter((line) => !line.startsWith("debug"))).toEqual([
      "error collector c failed, its families are left out: boom",
      "info collector c works again",
    ]);
  });
});

describe("scrapes that overlap", () => {
  it("share one collection, unless the later has less time", async () => {
    let calls = 0;
    const registry = new Registry({ now: () => 0 }).register(
      collector("slow", async () => {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return [gauge("level", "1", calls)];
      }),
    );
    const [first, second] = await Promise.all([
      registry.gather({ deadline: 1000 }),
      registry.gather({ deadline: 2000 }),
      registry.gather({ deadline: 500 }),
    ]);
    expect(first).toBe(second);
    expect(calls).toBe(2);
    await registry.gather();
    expect(calls).toBe(3);
  });

  it("do not lose a slow collector to the one among them that has the least time", async () => {
    const registry = new Registry().register(
      collector("slow", async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [gauge("level", "1")];
      }),
    );
    const now = Date.now();
    const [hurried, patient] = await Promise.all([
      registry.gather({ deadline: now + 10 }),
      registry.gather({ deadline: now + 60_000 }),
    ]);
    const names = [hurried, patient].map(({ families }) => families.map(({ name }) => name));
    expect(names.map((all) => all.includes("level"))).toEqual([false, true]);
  });
});
