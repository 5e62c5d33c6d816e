import { describe, expect, it } from "vitest";
import { isLegacyLabelName, isLegacyMetricName, isValidName } from "./names.ts";

describe("names", () => {
  it.each<[string, boolean, boolean, boolean]>([
    ["a", true, true, true],
    ["_a1", true, true, true],
    ["a:b", true, false, true],
    ["1a", false, false, true],
    ["a.b", false, false, true],
    ["é", false, false, true],
    ["a\n", false, false, true],
    ["", false, false, false],
    ["\ud83d", false, false, false],
  ])("judges %j: metric %s, label %s, in UTF-8 %s", (name, metric, label, valid) => {
    expect([isLegacyMetricName(name), isLegacyLabelName(name), isValidName(name)]).toEqual([
      metric,
      label,
      valid,
    ]);
  });
});
