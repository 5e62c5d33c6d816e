import { describe, expect, it } from "vitest";
import type { BlockMeta } from "../block/block-meta.ts";
import { compactionRanges, planCompaction } from "./compaction-plan.ts";

/** Prometheus' rules with a first range of 20, as its own tests of the plan use them. */
const RANGES = [20, 60, 180, 540];

describe("a plan of compaction", () => {
  it("has ranges that grow by three up to the longest block", () => {
    expect(compactionRanges(2, 20)).toEqual([2, 6, 18]);
    expect(compactionRanges(2, 18)).toEqual([2, 6, 18]);
    expect(compactionRanges(2, 2)).toEqual([2]);
  });

  it.each<[string, BlockMeta[], number[]]>([
    ["of one block is nothing", [meta(0, 20)], []],
    ["leaves blocks that another may join", [meta(0, 20), meta(20, 40)], []],
    [
      "leaves a full range whose last block is the newest",
      [meta(0, 20), meta(20, 40), meta(40, 60)],
      [],
    ],
    [
      "takes a full range once there is a newer block",
      [meta(0, 20), meta(20, 40), meta(40, 60), meta(60, 80)],
      [0, 20, 40],
    ],
    [
      "takes a range with a gap once the next has begun",
      [meta(0, 20), meta(40, 60), meta(60, 80), meta(80, 100)],
      [0, 40],
    ],
    ["leaves a block that is alone in its range", [meta(0, 20), meta(60, 80), meta(120, 140)], []],
    [
      "takes the smallest range first",
      [
        meta(0, 60),
        meta(60, 120),
        meta(120, 180),
        meta(180, 200),
        meta(200, 220),
        meta(220, 240),
        meta(240, 260),
      ],
      [180, 200, 220],
    ],
    [
      "takes large ranges of those that are full",
      [meta(0, 60), meta(60, 120), meta(120, 180), meta(180, 200)],
      [0, 60, 120],
    ],
    [
      "leaves a group of which one failed",
      [meta(0, 20), meta(20, 40, { failed: true }), meta(40, 60), meta(60, 80)],
      [],
    ],
    ["leaves a block that is no part of one range", [meta(10, 30), meta(30, 50), meta(60, 80)], []],
    [
      "handles times before 1970",
      [meta(-60, -40), meta(-40, -20), meta(-20, 0), meta(0, 20)],
      [-60, -40, -20],
    ],
    ["leaves blocks that overlap", [meta(0, 20), meta(10, 40), meta(40, 60), meta(60, 80)], []],
    [
      "goes on with others beside those that overlap",
      [
        ...[meta(0, 40), meta(10, 30), meta(40, 60)],
        ...[60, 80, 100, 120].map((t) => meta(t, t + 20)),
      ],
      [60, 80, 100],
    ],
    [
      "takes a large block of which much is deleted",
      [meta(0, 540, { tombstones: 10 }), meta(540, 560)],
      [0],
    ],
    [
      "leaves one of which little is deleted",
      [meta(0, 540, { tombstones: 5 }), meta(540, 560)],
      [],
    ],
    [
      "leaves a small one of which much is deleted",
      [meta(0, 20, { tombstones: 90 }), meta(540, 560)],
      [],
    ],
    [
      "takes a small one of which all is deleted",
      [meta(0, 20, { tombstones: 100 }), meta(540, 560)],
      [0],
    ],
    [
      "looks behind a block whose compaction has failed",
      [
        meta(0, 540, { tombstones: 90 }),
        meta(540, 1080, { failed: true, tombstones: 90 }),
        meta(1080, 1100),
      ],
      [0],
    ],
    ["leaves the newest, whatever is deleted of it", [meta(0, 540, { tombstones: 100 })], []],
  ])("%s", (_, blocks, expected) => {
    for (const order of [blocks, [...blocks].reverse()])
      expect(planCompaction(order, RANGES).map(({ minTime }) => minTime)).toEqual(expected);
  });
});

function meta(
  minTime: number,
  maxTime: number,
  { failed = false, tombstones = 0 }: { failed?: boolean; tombstones?: number } = {},
): BlockMeta {
  return {
    ulid: `${minTime}`,
    minTime,
    maxTime,
    stats: { numSamples: 1000, numSeries: 100, numChunks: 100, numTombstones: tombstones },
    compaction: { level: 1, sources: [], ...(failed && { failed }) },
    version: 1,
  };
}
