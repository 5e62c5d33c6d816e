import { describe, expect, it } from "vitest";
import { findSource, interpolate } from "./variables.ts";

describe("interpolate", () => {
  const values = new Map([["instance", "leaf1"]]);

  it.each([
    ['up{instance="$instance"}', 'up{instance="leaf1"}'],
    [`up{instance=~"\${instance:regex}"}`, 'up{instance=~"leaf1"}'],
    ["rate(x[$__rate_interval])", "rate(x[1m])"],
    [`increase(x[\${__range}])`, "increase(x[900s])"],
    ["up == $unknown", "up == $unknown"],
  ])("makes of %s", (text, filled) => {
    expect(interpolate(text, values)).toBe(filled);
  });
});

describe("findSource", () => {
  const prometheus = {
    name: "Prometheus",
    uid: "prometheus",
    type: "prometheus",
    url: "u",
    isDefault: true,
  };

  it.each([
    ["its uid", { type: "prometheus", uid: "prometheus" }, prometheus],
    ["a variable", { uid: `\${datasource}` }, prometheus],
    ["nothing, which is the default one", undefined, prometheus],
    ["a uid that nobody has", { uid: "other" }, undefined],
  ])("finds a data source by %s", (_, reference, expected) => {
    expect(findSource(reference, [prometheus], new Map([["datasource", "prometheus"]]))).toBe(
      expected,
    );
  });
});
