import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { RecentLabelSets } from "./recent-label-sets.ts";

const set = (key: string) => ({ key, labels: Labels.from({ port: key }) });

describe("RecentLabelSets", () => {
  it("finds what was added under the same names and key only", () => {
    const recent = new RecentLabelSets();
    const one = set("1");
    recent.add("port", one);
    expect(recent.find("port", "1")).toBe(one);
    expect(recent.find("port", "2")).toBeUndefined();
    expect(recent.find("queue", "1")).toBeUndefined();
  });

  it("forgets what was not asked for while two generations passed", () => {
    const recent = new RecentLabelSets(2);
    for (const key of ["1", "2", "3", "4", "5"]) recent.add("port", set(key));
    expect(["1", "2", "3", "4", "5"].filter((key) => recent.find("port", key))).toEqual([
      "3",
      "4",
      "5",
    ]);
  });

  it("keeps what is asked for again and again", () => {
    const recent = new RecentLabelSets(2);
    const kept = set("kept");
    recent.add("port", kept);
    for (let i = 0; i < 20; i++) {
      recent.add("port", set(String(i)));
      expect(recent.find("port", "kept")).toBe(kept);
    }
  });
});
