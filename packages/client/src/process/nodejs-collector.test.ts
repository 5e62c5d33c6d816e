import process from "node:process";
import { parseFamilies } from "@linklight/exposition";
import type { MetricFamily } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { Registry } from "../registry/registry.ts";
import { nodejsCollector } from "./nodejs-collector.ts";

async function collected(): Promise<Map<string, MetricFamily>> {
  const collector = nodejsCollector();
  try {
    const text = await new Registry().register(collector).text();
    return new Map(parseFamilies("text-0.0.4", text).map((family) => [family.name, family]));
  } finally {
    collector.stop();
  }
}

function numberOf(family: MetricFamily | undefined, labels: Record<string, string> = {}): number {
  const metric = family?.metrics.find((m) =>
    Object.entries(labels).every(([name, value]) => m.labels.get(name) === value),
  );
  return metric !== undefined && "value" in metric ? metric.value : Number.NaN;
}

describe("nodejsCollector", () => {
  it("shows these families and types", async () => {
    const families = [...(await collected()).values()].filter(({ name }) =>
      name.startsWith("nodejs_"),
    );
    expect(families.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "nodejs_version_info gauge",
      "nodejs_heap_size_total_bytes gauge",
      "nodejs_heap_size_used_bytes gauge",
      "nodejs_heap_size_limit_bytes gauge",
      "nodejs_external_memory_bytes gauge",
      "nodejs_heap_space_size_total_bytes gauge",
      "nodejs_heap_space_size_used_bytes gauge",
      "nodejs_heap_space_size_available_bytes gauge",
      "nodejs_eventloop_delay_seconds histogram",
      "nodejs_eventloop_time_seconds_total counter",
      "nodejs_gc_duration_seconds histogram",
      "nodejs_active_resources gauge",
    ]);
  });

  it("shows the version that runs", async () => {
    const [major = "", minor = "", patch = ""] = process.versions.node.split(".");
    const family = (await collected()).get("nodejs_version_info");
    expect(family?.metrics.map(({ labels }) => labels.toJSON())).toEqual([
      { version: process.version, major, minor, patch },
    ]);
    expect(numberOf(family)).toBe(1);
  });

  it("shows a heap that is used, held and limited in this order", async () => {
    const families = await collected();
    const used = numberOf(families.get("nodejs_heap_size_used_bytes"));
    const total = numberOf(families.get("nodejs_heap_size_total_bytes"));
    const limit = numberOf(families.get("nodejs_heap_size_limit_bytes"));
    expect([used, total, limit].toSorted((a, b) => a - b)).toEqual([used, total, limit]);
    expect(
      numberOf(families.get("nodejs_heap_space_size_used_bytes"), { space: "old" }),
    ).toBeGreaterThan(0);
  });

  it("counts garbage collections of every kind from the start", async () => {
    const family = (await collected()).get("nodejs_gc_duration_seconds");
    expect(family?.metrics.map(({ labels }) => labels.get("kind"))).toEqual([
      "minor",
      "major",
      "incremental",
      "weakcb",
    ]);
  });

  it("divides the time of the event loop into active and idle", async () => {
    const family = (await collected()).get("nodejs_eventloop_time_seconds_total");
    expect(numberOf(family, { state: "active" })).toBeGreaterThanOrEqual(0);
    expect(numberOf(family, { state: "idle" })).toBeGreaterThanOrEqual(0);
  });

  it("keeps a type of resource at zero when it has gone", async () => {
    const collector = nodejsCollector();
    const registry = new Registry().register(collector);
    const count = async (): Promise<number> => {
      const families = parseFamilies("text-0.0.4", await registry.text());
      const family = families.find(({ name }) => name === "nodejs_active_resources");
      return numberOf(family, { type: "Immediate" });
    };
    const pending = new Promise<void>((resolve) => setImmediate(resolve));
    const during = await count();
    await pending;
    collector.stop();
    expect(during).toBeGreaterThanOrEqual(1);
    expect(await count()).toBeGreaterThanOrEqual(0);
  });

  it("keeps no program alive", () => {
    const before = process.getActiveResourcesInfo();
    const collector = nodejsCollector();
    const after = process.getActiveResourcesInfo();
    collector.stop();
    expect(after).toEqual(before);
  });

  it("goes on showing what it counted after stop()", async () => {
    const collector = nodejsCollector();
    collector.stop();
    collector[Symbol.dispose]();
    const text = await new Registry().register(collector).text();
    expect(text).toContain("nodejs_eventloop_delay_seconds_count ");
  });

  it("refuses a resolution that is none", () => {
    expect(() => nodejsCollector({ eventLoopResolutionMs: 0 })).toThrow(
      new RangeError("nodejsCollector: eventLoopResolutionMs must be at least 1, got 0"),
    );
  });
});
