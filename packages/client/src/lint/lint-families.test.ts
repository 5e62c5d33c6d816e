import { Labels, type MetricFamily } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { lintFamilies } from "./lint-families.ts";

const about = { help: "What is measured.", unit: "" };

function gauge(name: string, ...labels: readonly Record<string, string>[]): MetricFamily {
  const metrics = labels.map((set) => ({ labels: Labels.from(set), value: 1 }));
  return { ...about, name, type: "gauge", metrics };
}

describe("lintFamilies", () => {
  it("says nothing of families that are as they should be", () => {
    expect(lintFamilies([gauge("queue_length", { queue: "1" }, { queue: "2" })])).toEqual([]);
  });

  it("orders findings by metric, then by text, as promtool does", () => {
    const found = lintFamilies([gauge("b_ms_total", {}), gauge("a_kilobytes", {})]);
    expect(found.map(({ metric, rule }) => `${metric} ${rule}`)).toEqual([
      "a_kilobytes base-unit",
      "b_ms_total unit-abbreviation",
      "b_ms_total counter-suffix",
    ]);
  });

  it("says once what is so in several series", () => {
    expect(lintFamilies([gauge("a", { le: "1" }, { le: "2" }, { le: "3" })])).toEqual([
      {
        metric: "a",
        rule: "reserved-label",
        text: 'non-histogram metrics should not have "le" label: rename the label: functions and readers give it a meaning of its own (so in 3 series)',
      },
    ]);
  });

  it("finds a series that stands twice", () => {
    expect(lintFamilies([gauge("a", { x: "1" }, { x: "1" })])).toEqual([
      {
        metric: "a",
        rule: "duplicate",
        text: 'metric not unique: a{x="1"} stands twice; tell the two apart by a label, or drop one',
      },
    ]);
  });

  it("takes the first of two units, where promtool 2 takes either", () => {
    const [finding] = lintFamilies([gauge("kilobytes_per_minutes", {})]);
    expect(finding?.text).toBe(
      'use base unit "bytes" instead of "kilobytes": convert the values and rename it to bytes_per_minutes',
    );
  });

  it("lets native histograms be without classic buckets", () => {
    const histogram: MetricFamily = {
      ...about,
      name: "size_bytes",
      type: "histogram",
      metrics: [{ labels: Labels.EMPTY, buckets: [], sum: 1, count: 1 }],
    };
    expect(lintFamilies([histogram])).toEqual([]);
  });

  it("asks a state set of OpenMetrics for the same states in every series", () => {
    const stateSet: MetricFamily = {
      ...about,
      name: "link",
      type: "stateset",
      metrics: [
        { labels: Labels.from({ port: "1" }), states: [{ state: "UP", enabled: true }] },
        { labels: Labels.from({ port: "2" }), states: [{ state: "DOWN", enabled: true }] },
      ],
    };
    expect(lintFamilies([stateSet]).map(({ rule }) => rule)).toEqual(["partial-state-set"]);
  });

  it.each([
    [-61_000, "future-timestamp", "explicit timestamp is 1m in the future"],
    [301_000, "stale-timestamp", "explicit timestamp is 5m old"],
    [26 * 3_600_000, "stale-timestamp", "explicit timestamp is 1d old"],
    [1e15, "stale-timestamp", "explicit timestamp is centuries old"],
  ])("judges a timestamp of %d ms ago by the clock", (age, rule, text) => {
    const family: MetricFamily = {
      ...about,
      name: "a",
      type: "gauge",
      metrics: [{ labels: Labels.EMPTY, value: 1, timestamp: 5e12 - age }],
    };
    const found = lintFamilies([family], { now: () => 5e12 });
    expect(found.map((finding) => [finding.rule, finding.text.split(":")[0]])).toEqual([
      [rule, text],
    ]);
  });
});
