import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { scrapedLabels } from "./scraped-labels.ts";

describe("scrapedLabels", () => {
  it.each([
    [{ port: "1" }, { job: "a" }, { port: "1", job: "a" }],
    [{ job: "b" }, { job: "a" }, { job: "a", exported_job: "b" }],
    [
      { job: "b", exported_job: "c" },
      { job: "a" },
      { job: "a", exported_job: "c", exported_exported_job: "b" },
    ],
    [{ switch: "a" }, { switch: "a" }, { switch: "a", exported_switch: "a" }],
  ])("adds the labels of the target: %o and %o give %o", (own, target, both) => {
    expect(scrapedLabels(Labels.from(own), Labels.from(target)).toJSON()).toEqual(both);
  });
});
