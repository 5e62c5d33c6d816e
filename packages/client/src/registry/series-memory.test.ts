import { type SeriesList, tabulate } from "@linklight/exposition";
import { Labels, type MetricFamily } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { GaugeFamily } from "../family/number-family.ts";
import { SeriesMemory } from "./series-memory.ts";

function fresh(ports: readonly string[], name = "level_bytes"): GaugeFamily<"port"> {
  const family = new GaugeFamily({ name, help: "Level", labelNames: ["port"] });
  for (const port of ports) family.add({ port }, Number(port));
  return family;
}

/** The list of the only part, as a memory gives it back. */
function collect(memory: SeriesMemory, ...families: GaugeFamily<"port">[]): SeriesList[] {
  const collection = memory.begin();
  const tables = families.map((family) => collection.recall(family.table()));
  collection.end();
  return tables.map(({ parts }) => parts[0]?.series as SeriesList);
}

describe("SeriesMemory", () => {
  it("gives a new family with the same series the list of the last one", () => {
    const memory = new SeriesMemory();
    const [first] = collect(memory, fresh(["1", "2"]));
    expect(collect(memory, fresh(["1", "2"]))[0]).toBe(first);
    expect(collect(memory, fresh(["1"]))[0]).toBe(first);
  });

  it("knows series again whose label sets were made anew", () => {
    const memory = new SeriesMemory();
    const family = (): MetricFamily => ({
      name: "a",
      type: "gauge",
      help: "",
      unit: "",
      metrics: [{ labels: Labels.from({ port: "1" }), value: 1 }],
    });
    const recall = () => {
      const collection = memory.begin();
      const { parts } = collection.recall(tabulate(family()));
      collection.end();
      return parts[0]?.series;
    };
    expect(recall()).toBe(recall());
  });

  it.each([
    ["another order", ["2", "1"]],
    ["another series", ["1", "3"]],
    ["one more series", ["1", "2", "3"]],
  ])("leaves a family with %s its own list", (_, ports) => {
    const memory = new SeriesMemory();
    const [first] = collect(memory, fresh(["1", "2"]));
    const [second] = collect(memory, fresh(ports));
    expect(second).not.toBe(first);
    expect(second?.labels.map((labels) => labels.get("port"))).toEqual(ports);
  });

  it("keeps families apart, and forgets those that the last collection did not show", () => {
    const memory = new SeriesMemory();
    const [a, b] = collect(memory, fresh(["1"], "a"), fresh(["1"], "b"));
    expect(a).not.toBe(b);
    expect(collect(memory, fresh(["1"], "b"))[0]).toBe(b);
    expect(collect(memory, fresh(["1"], "a"))[0]).not.toBe(a);
  });

  it("tells several families of one name apart by their order", () => {
    const memory = new SeriesMemory();
    const first = collect(memory, fresh(["1"]), fresh(["2"]));
    expect(new Set(first).size).toBe(2);
    const second = collect(memory, fresh(["1"]), fresh(["2"]));
    expect(second.map((list, i) => list === first[i])).toEqual([true, true]);
  });

  it("leaves a family that is kept its own list", () => {
    const memory = new SeriesMemory();
    const kept = fresh(["1"]);
    const [own] = collect(memory, kept);
    kept.add({ port: "2" }, 2);
    expect(collect(memory, kept)[0]).toBe(own);
    expect(own?.labels).toHaveLength(2);
  });
});
