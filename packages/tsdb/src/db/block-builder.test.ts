import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlockBuilder } from "./block-builder.ts";
import { DbReader } from "./db-reader.ts";

const HOUR = 3_600_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-builder-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("BlockBuilder", () => {
  it("makes a block for each range of time, in whatever order ranges and series come", async () => {
    const builder = new BlockBuilder(directory);
    for (const hour of [5, 0, 3])
      for (const port of ["2", "1"])
        for (const minute of [0, 1])
          builder.add(labels(port), hour * HOUR + minute * 60_000, hour + minute);
    const metas = await builder.finish();
    expect(
      metas.map(({ minTime, maxTime, stats }) => [minTime, maxTime, stats.numSamples]),
    ).toEqual([0, 3, 5].map((hour) => [hour * HOUR, hour * HOUR + 60_001, 4]));
    const reader = await DbReader.open(directory);
    const all = (await reader.select({ matchers: [], minTime: 0, maxTime: 10 * HOUR })).series;
    expect(all.map((series) => series.labels)).toEqual([labels("1"), labels("2")]);
    reader.close();
  });

  it("makes blocks that follow each other before 1970 too", async () => {
    const builder = new BlockBuilder(directory);
    for (const hour of [-5, -4, -3, -2, -1, 0, 1])
      for (const minute of [0, 1, 59])
        builder.add(labels("1"), hour * HOUR + minute * 60_000, minute);
    const metas = await builder.finish();
    expect(metas.map(({ minTime, stats }) => [minTime / HOUR, stats.numSamples])).toEqual([
      [-5, 3],
      [-4, 6],
      [-2, 6],
      [0, 6],
    ]);
  });

  it("refuses times and labels that a block cannot hold", () => {
    const builder = new BlockBuilder(directory);
    expect(() => builder.add(labels("\ud800"), 0, 1)).toThrow("is not valid UTF-8");
    expect(() => builder.add(Labels.EMPTY, 0, 1)).toThrow("empty labelset");
    for (const time of [0.5, Number.MAX_SAFE_INTEGER, 2 ** 60])
      expect(() => builder.add(labels("1"), time, 1)).toThrow(RangeError);
  });

  it("says in one line that its directory cannot be made", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(() => new BlockBuilder(file)).toThrow(`${file}: cannot be used: EEXIST`);
  });

  it("writes what is complete, and goes on with the rest", async () => {
    const builder = new BlockBuilder(directory);
    for (let t = 0; t < 5 * HOUR; t += 60_000) builder.add(labels("1"), t, t);
    const early = await builder.writeBefore(4 * HOUR);
    expect(early.map(({ stats }) => stats.numSamples)).toEqual([120, 120]);
    const late = await builder.finish();
    expect(late.map(({ stats }) => stats.numSamples)).toEqual([60]);
  });

  it("refuses samples out of order and other values for a time, and takes the same again", () => {
    const builder = new BlockBuilder(directory);
    builder.add(labels("1"), 1000, 1);
    builder.add(labels("1"), 1000, 1);
    expect(() => builder.add(labels("1"), 1000, 2)).toThrow("duplicate sample for timestamp");
    expect(() => builder.add(labels("1"), 999, 1)).toThrow("out of order sample");
  });
});

function labels(port: string): Labels {
  return Labels.from({ __name__: "x", port });
}
