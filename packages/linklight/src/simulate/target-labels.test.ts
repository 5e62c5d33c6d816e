import { fabricOf, type Switch } from "@linklight/simulator";
import { describe, expect, it } from "vitest";
import { targetLabels } from "./target-labels.ts";

const [leaf] = fabricOf("pair").switches as [Switch];
const job = { group: "custom", job: "custom prometheus" };

describe("targetLabels", () => {
  it.each([
    { isOneOfSeveral: false, given: {}, labels: { ...job, instance: leaf.name } },
    { isOneOfSeveral: true, given: {}, labels: { ...job, instance: leaf.name, switch: leaf.name } },
    {
      isOneOfSeveral: true,
      given: { instance: "localhost:8000", switch: "", site: "lab" },
      labels: { ...job, instance: "localhost:8000", site: "lab" },
    },
  ])("gives $labels", ({ isOneOfSeveral, given, labels }) => {
    const all = targetLabels(leaf, { isOneOfSeveral, given: new Map(Object.entries(given)) });
    expect(all.toJSON()).toEqual(labels);
  });
});
