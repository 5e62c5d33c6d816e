import { describe, expect, it } from "vitest";
import { AssertionError, assert } from "./assert.ts";

describe("assert", () => {
  it("passes what holds", () => {
    expect(() => assert(true, "part: x")).not.toThrow();
  });

  it("throws what does not hold, with a stable code", () => {
    const failing = (): void => assert(0, "head: series ref 7 has no chunk");
    expect(failing).toThrow(new AssertionError("head: series ref 7 has no chunk"));
    expect(new AssertionError("x")).toMatchObject({
      code: "LINKLIGHT_ASSERTION",
      name: "AssertionError",
    });
  });
});
