import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { boundsCrossed } from "./bounds.ts";
import { type SoakDay, soak } from "./soak.ts";

const DAY_MS = 24 * 3_600_000;
const folder = temporaryFolder("soak-test");
afterAll(() => folder.remove());

describe("a week of a fleet whose pods come and go", async () => {
  const report = await soak(folder.path, {
    days: 7,
    pods: 8,
    seriesPerPod: 3,
    intervalMs: 120_000,
    db: { retentionMs: 2 * DAY_MS, walSegmentBytes: 256 * 1024, cacheBytes: 2 ** 20 },
  });
  const { days, kept, keptFromMs, lastMs } = report;

  it("is read back as it was appended, without what was deleted or is too old", () => {
    expect(report.problems).toEqual([]);
    expect(kept.samples).toBeGreaterThan(24 * 2 * 24 * 30 * 0.9);
    expect(report.deletions).toBeGreaterThan(30);
    expect(report.reopened).toBe(1);
  });

  it("is kept as long as the retention says, and at most a block longer than that", () => {
    expect(lastMs - keptFromMs).toBeGreaterThan(2 * DAY_MS - 4 * 3_600_000);
    expect(lastMs - keptFromMs).toBeLessThan(2 * DAY_MS + 12 * 3_600_000);
  });

  it("needs no more series, blocks and room on the disk at its end than at its beginning", () => {
    const isBounded = boundsCrossed(days, 2).filter((problem) =>
      /^(headSeries|blocks|diskBytes)/.test(problem),
    );
    expect(isBounded).toEqual([]);
  });
});

describe("the bounds of a soak", () => {
  const day: SoakDay = {
    ...{ day: 1, samples: 1, headSeries: 1, blocks: 1, diskBytes: 100, heapBytes: 100 },
    ...{ rssBytes: 100, stallMs: 5, turnCpuMs: 5 },
  };

  it("are crossed by what still grows when the retention has filled, and by stalls on most days", () => {
    const days = Array.from({ length: 8 }, (_, i) => ({ ...day, day: i + 1 }));
    expect(boundsCrossed(days, 2)).toEqual([]);
    expect(boundsCrossed([...days, { ...day, day: 9, heapBytes: 131 }], 2)).toEqual([
      "heapBytes grows: 131 on day 9, at most 100 in the first 4",
    ]);
    expect(
      boundsCrossed(
        days.map((one) => ({ ...one, turnCpuMs: 12 })),
        2,
      ),
    ).toEqual(["one turn in a hundred took 12.0 ms on half of the days"]);
  });
});
