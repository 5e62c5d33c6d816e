import { describe, expect, it } from "vitest";
import { PatternCache } from "./pattern-cache.ts";

describe("the cache of patterns", () => {
  it("forgets what was used longest ago when there are more than a thousand", () => {
    const cache = new PatternCache<number>();
    for (let i = 0; i < 1_000; i++) cache.set(`pattern ${i}`, i);
    expect(cache.get("pattern 0")).toBe(0);
    cache.set("one more", -1);
    expect([cache.get("pattern 0"), cache.get("pattern 1"), cache.get("one more")]).toEqual([
      0,
      undefined,
      -1,
    ]);
    expect(cache.size).toBe(1_000);
  });

  it("keeps no more than a mebi of pattern text", () => {
    const cache = new PatternCache<number>();
    for (let i = 0; i < 8; i++) cache.set(`${i}`.padEnd(2 ** 18, "x"), i);
    expect(cache.size).toBe(4);
    cache.set("y".repeat(2 ** 21), 9);
    expect(cache.size).toBe(4);
  });

  it("counts a pattern that is set again once", () => {
    const cache = new PatternCache<number>();
    for (let i = 0; i < 20; i++) cache.set("x".repeat(2 ** 19), i);
    expect([cache.size, cache.get("x".repeat(2 ** 19))]).toEqual([1, 19]);
  });
});
