import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { IndexedSeries } from "../index/index-reader.ts";
import { SeriesCache } from "./series-cache.ts";

/** Reads series that say which ref they have, and counts how often each is read. */
function countedReads() {
  const reads = new Map<number, number>();
  const read = (ref: number): IndexedSeries => {
    reads.set(ref, (reads.get(ref) ?? 0) + 1);
    const chunks = [
      { minTime: ref, maxTime: ref + 10, ref: 8 },
      { minTime: ref + 11, maxTime: ref + 20, ref: 2 ** 32 + 8 },
    ];
    return { labels: Labels.from({ ref: String(ref) }), chunks };
  };
  return { reads, read };
}

describe("the cache of series", () => {
  it("reads a series once and gives its labels, and its chunks as numbers", () => {
    const cache = new SeriesCache();
    const block = cache.register();
    const { reads, read } = countedReads();
    const first = cache.get(block, 7, read);
    expect(cache.get(block, 7, read)).toBe(first);
    expect(first.labels.toString()).toBe('{ref="7"}');
    expect([...first.chunks]).toEqual([7, 17, 8, 18, 27, 2 ** 32 + 8]);
    expect(reads.get(7)).toBe(1);
  });

  it("tells blocks apart, and forgets those that are closed", () => {
    const cache = new SeriesCache();
    const [a, b] = [cache.register(), cache.register()];
    const { reads, read } = countedReads();
    const greatestRef = 2 ** 32 - 1;
    for (const block of [a, b]) cache.get(block, greatestRef, read);
    expect(reads.get(greatestRef)).toBe(2);
    cache.forget(a);
    for (const block of [a, b]) cache.get(block, greatestRef, read);
    expect(reads.get(greatestRef)).toBe(3);
  });

  it("keeps what is asked for again and again, and no more than its bytes of the rest", () => {
    const cache = new SeriesCache(100_000);
    const block = cache.register();
    const { reads, read } = countedReads();
    for (let ref = 1; ref <= 10_000; ref++) {
      cache.get(block, ref, read);
      cache.get(block, 0, read);
    }
    expect(reads.get(0)).toBe(1);
    const before = reads.size;
    for (let ref = 1; ref <= 9_800; ref++) cache.get(block, ref, read);
    expect([...reads.values()].filter((count) => count === 2)).toHaveLength(9_800);
    expect(reads.size).toBe(before);
  });
});
