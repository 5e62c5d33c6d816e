import { describe, expect, it } from "vitest";
import { PROFILES } from "../profile/profiles.ts";
import { nearestName, suggestion } from "./nearest-name.ts";

describe("nearestName", () => {
  it.each([
    ["leaf-48x25g-8x100", "leaf-48x25g-8x100g"],
    ["Pair", "pair"],
    ["spine", "spine-32x100g"],
    ["48x1g", "campus-48x1g-4x10g"],
    ["le", undefined],
    ["router", undefined],
  ])("means by %j the profile %j", (text, name) => {
    expect(nearestName(text, PROFILES.keys())).toBe(name);
  });

  it("ends a message, or adds nothing to it", () => {
    expect(suggestion("lef1", ["leaf1"])).toBe("; did you mean leaf1?");
    expect(suggestion("xyzzy", ["leaf1"])).toBe("");
  });
});
