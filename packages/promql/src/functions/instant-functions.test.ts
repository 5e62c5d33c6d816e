import { nativeHistogram } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { NaturalOrder } from "../order/natural-order.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import { readTemplate } from "./expand-template.ts";
import { functionImplementation } from "./library.ts";
import { FUNCTION_SIGNATURES } from "./signatures.ts";

const late = new Engine({ features: "all" });
const early = new Engine({ features: ["promql-experimental-functions"] });

function storage(): MemoryStorage {
  const stored = new MemoryStorage();
  const add = (labels: Record<string, string>, value: number, timestamp = 0): void =>
    stored.append(labels, { timestamp, value });
  add({ __name__: "level", port: "eth10" }, -1.5);
  add({ __name__: "level", port: "eth2" }, 2.5);
  add({ __name__: "level", port: "eth1" }, Number.NaN);
  add({ __name__: "level2", port: "eth2" }, 7);
  stored.append({ __name__: "mixed", port: "eth1" }, { timestamp: 0, value: 4 });
  stored.append(
    { __name__: "mixed", port: "eth2" },
    { timestamp: 0, value: nativeHistogram({ count: 1, sum: 2, zeroCount: 1 }) },
  );
  return stored;
}

/** The result of an instant query: each series with its value, in the order of the result. */
async function ask(query: string, engine = late, timeMs = 60_000): Promise<unknown> {
  const { value } = await engine.instant(storage(), { query, timeMs });
  if (value.type === "vector")
    return value.samples.map((sample) => [String(sample.labels), sample.value]);
  return value.type === "matrix" ? value : value.value;
}

describe("all functions", () => {
  it("are there", () => {
    for (const name of FUNCTION_SIGNATURES.keys())
      expect(functionImplementation(name)).toBeInstanceOf(Function);
  });
});

describe("functions of each number", () => {
  it.each<[string, number]>([
    ["abs(vector(-2))", 2],
    ["ceil(vector(1.2))", 2],
    ["floor(vector(-1.2))", -2],
    ["round(vector(2.5))", 3],
    ["round(vector(-2.5))", -2],
    ["round(vector(17), 5)", 15],
    ["round(vector(0.15), 0.1)", 0.2],
    ["sgn(vector(-3))", -1],
    ["sgn(vector(NaN))", Number.NaN],
    ["sgn(vector(-0))", -0],
    ["sqrt(vector(9))", 3],
    ["exp(vector(0))", 1],
    ["ln(vector(1))", 0],
    ["log2(vector(8))", 3],
    ["log10(vector(100))", 2],
    ["deg(vector(pi()))", 180],
    ["rad(vector(180))", Math.PI],
    ["clamp(vector(5), 1, 3)", 3],
    ["clamp(vector(0), 1, 3)", 1],
    ["clamp_min(vector(0), 1)", 1],
    ["clamp_max(vector(5), 1)", 1],
    ["clamp_max(vector(NaN), 1)", Number.NaN],
    ["clamp_max(vector(-Inf), NaN)", -Infinity],
    ["clamp_min(vector(NaN), Inf)", Infinity],
  ])("%s is %d", async (query, expected) => {
    expect(await ask(query)).toEqual([["{}", expected]]);
  });

  it("give nothing where the limits of a clamp are not in order", async () => {
    expect(await ask("clamp(level, 3, 1)")).toEqual([]);
  });

  it("leave histograms out, and drop the metric name", async () => {
    for (const engine of [late, early])
      expect(await ask("abs(mixed)", engine)).toEqual([['{port="eth1"}', 4]]);
  });

  it("fail where series become the same", async () => {
    for (const engine of [late, early])
      await expect(ask('ceil({__name__=~"level2?", port="eth2"})', engine)).rejects.toThrow(
        "vector cannot contain metrics with the same labelset",
      );
  });
});

describe("dates", () => {
  const DAY = 86_400;
  it("are JavaScript's, wherever those reach", async () => {
    const seconds = fc.oneof(
      fc.integer({ min: -8.64e12, max: 8.64e12 }),
      fc.integer({ min: -4e9, max: 4e9 }),
    );
    const query = (name: string, second: number): Promise<unknown> =>
      ask(`${name}(vector(${second}))`);
    await fc.assert(
      fc.asyncProperty(seconds, async (second) => {
        const date = new Date(second * 1000);
        const year = date.getUTCFullYear();
        const month = date.getUTCMonth();
        const expected = {
          year,
          month: month + 1,
          day_of_month: date.getUTCDate(),
          day_of_week: date.getUTCDay(),
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
        };
        for (const [name, value] of Object.entries(expected))
          expect([second, name, await query(name, second)]).toEqual([
            second,
            name,
            [["{}", value]],
          ]);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it.each<[string, number]>([
    ["days_in_month(vector(951782400))", 29],
    ["days_in_month(vector(-2205100800))", 28],
    ["day_of_year(vector(1735603200))", 366],
    ["day_of_year(vector(0))", 1],
    ["hour(vector(-0.5))", 0],
    ["minute(vector(-1))", 59],
    // As Prometheus on amd64 answers for what is no time.
    ["year(vector(NaN))", 292277026596],
    ["year(vector(1e18))", 31688740476],
    ["year(vector(-1e18))", -31688736537],
    ["day_of_week(vector(NaN))", 0],
    ["day_of_month(vector(-9.2e18))", 3],
  ])("%s is %d", async (query, expected) => {
    expect(await ask(query)).toEqual([["{}", expected]]);
  });

  it("are those of the evaluation without an argument", async () => {
    expect(await ask("day_of_month()", late, 3 * DAY * 1000)).toEqual([["{}", 4]]);
  });
});

describe("labels", () => {
  const braced = (name: string): string => `\${${name}}`;
  it.each<[string, string, string]>([
    ["eth([0-9])(.*)", "$1", "1"],
    ["eth([0-9])(.*)", "$2", "0"],
    ["eth([0-9])(.*)", `$1-${braced("2")}x`, "1-0x"],
    ["eth([0-9])(.*)", "$1x", ""],
    ["eth([0-9])(.*)", "$$1", "$1"],
    ["eth([0-9])(.*)", "$ 1 ${ $", "$ 1 ${ $"],
    ["eth([0-9])(.*)", "$3$01", ""],
    ["eth(?P<n>.*)", `$n/${braced("n")}`, "10/10"],
    ["eth(?:(x)|.*)", "[$1]", "[]"],
    ["(.*)", "$0", "eth10"],
  ])("label_replace with %s puts %s together as %j", async (regex, replacement, expected) => {
    const query = `label_replace(level{port="eth10"}, "to", ${JSON.stringify(replacement)}, "port", ${JSON.stringify(regex)})`;
    const labels = expected === "" ? "" : `, to=${JSON.stringify(expected)}`;
    expect(await ask(query)).toEqual([[`level{port="eth10"${labels}}`, -1.5]]);
  });

  it("label_replace must match the value as a whole, and removes a label by an empty value", async () => {
    expect(await ask('label_replace(level2, "port", "", "port", "eth")')).toEqual([
      ['level2{port="eth2"}', 7],
    ]);
    expect(await ask('label_replace(level2, "port", "", "port", "eth.")')).toEqual([["level2", 7]]);
  });

  it("a name that is given is kept", async () => {
    const query = 'label_replace(abs(level2), "__name__", "new_$0", "port", ".*")';
    for (const engine of [late, early])
      expect(await ask(query, engine)).toEqual([['new_eth2{port="eth2"}', 7]]);
  });

  it("label_join joins the values, also of labels that are not there", async () => {
    expect(await ask('label_join(level2, "to", "-", "port", "nothing", "__name__")')).toEqual([
      ['level2{port="eth2", to="eth2--level2"}', 7],
    ]);
  });

  it.each([
    ['label_replace(level, "a", "", "b", "(")', "invalid regular expression in label_replace(): ("],
    [
      'label_replace(level, "", "", "b", "")',
      "invalid destination label name in label_replace(): ",
    ],
    ['label_join(level, "", "", "b")', "invalid destination label name in label_join(): "],
    ['label_join(level, "a", "", "")', "invalid source label name in label_join(): "],
    [
      'label_replace(level, "port", "", "port", ".*")',
      "vector cannot contain metrics with the same labelset",
    ],
  ])("%s fails", async (query, message) => {
    await expect(ask(query)).rejects.toMatchObject({ errorType: "execution", message });
  });

  it("templates keep everything that is no reference", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const literal = text.replaceAll("$", "$$$$");
        expect(readTemplate(literal).join("")).toBe(text);
      }),
      { seed: 42 },
    );
  });
});

describe("order", () => {
  it.each<[string, string[]]>([
    ["sort(level)", ["eth10", "eth2", "eth1"]],
    ["sort_desc(level)", ["eth2", "eth10", "eth1"]],
    ['sort_by_label(level, "port")', ["eth1", "eth2", "eth10"]],
    ['sort_by_label_desc(level, "port")', ["eth10", "eth2", "eth1"]],
    ["sort_by_label(level)", ["eth1", "eth10", "eth2"]],
  ])("%s", async (query, ports) => {
    const result = (await ask(query)) as [string, number][];
    expect(result.map(([labels]) => labels)).toEqual(ports.map((port) => `level{port="${port}"}`));
  });

  it("sort leaves histograms out", async () => {
    expect(await ask("sort(mixed)")).toEqual([['mixed{port="eth1"}', 4]]);
  });

  it("over several steps sorting does nothing, and says so", async () => {
    const { value, annotations } = await late.range(storage(), {
      query: "sort_desc(level)",
      startMs: 0,
      endMs: 60_000,
      stepMs: 60_000,
    });
    expect(
      value.type === "matrix" ? value.series.map(({ labels }) => labels.get("port")) : [],
    ).toEqual(["eth1", "eth10", "eth2"]);
    expect(annotations).toEqual([
      {
        severity: "warning",
        text: "PromQL warning: sort is ineffective for range queries since results are always ordered by labels",
        span: { start: 0, end: 16 },
      },
    ]);
  });

  it.each<[string, string, boolean]>([
    ["a2", "a10", true],
    ["a10", "a2", false],
    ["a", "a1", true],
    ["a1", "a", false],
    ["1a", "1b", true],
    ["01", "1", true],
    ["99999999999999999999", "5", false],
    ["", "a", false],
    ["a", "", false],
    ["é", "z", false],
  ])("%j before %j in natural order: %s", (a, b, expected) => {
    expect(new NaturalOrder().precedes(a, b)).toBe(expected);
  });
});

describe("scalars and times", () => {
  it.each<[string, number]>([
    ["time()", 60],
    ["start()", 60],
    ["end()", 60],
    ["range()", 0],
    ["step()", 0],
    ["pi()", Math.PI],
    ["max_of(2, NaN)", Number.NaN],
    ["max_of(Inf, NaN)", Infinity],
    ["max_of(-0, 0)", 0],
    ["min_of(2, 1)", 1],
    ["min_of(2, NaN)", Number.NaN],
    ["min_of(NaN, -Inf)", -Infinity],
    ["scalar(level2)", 7],
    ["scalar(level)", Number.NaN],
    ["scalar(nothing)", Number.NaN],
    ["scalar(mixed)", 4],
  ])("%s is %d", async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ["timestamp(level2)", [['{port="eth2"}', 0]]],
    ["timestamp((level2))", [['{port="eth2"}', 0]]],
    ["timestamp(level2 @ 30)", [['{port="eth2"}', 0]]],
    ["timestamp(abs(level2))", [['{port="eth2"}', 60]]],
    ["start_timestamp(abs(level2))", []],
    ["absent(level)", []],
    ['absent(nothing{a="1", b!="2", c="3", c="4"})', [['{a="1"}', 1]]],
    ['absent((nothing{a="1"}))', [['{a="1"}', 1]]],
    ['absent(sum(nothing{a="1"}))', [["{}", 1]]],
    ["absent(mixed)", []],
  ])("%s", async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });
});
