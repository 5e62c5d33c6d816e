import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Db } from "./db.ts";
import type { DbOptions } from "./db-options.ts";
import { ALL, contents, HOUR, MINUTE } from "./testing.ts";

let directory: string;
const opened: Db[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-odd-"));
});

afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("a series", () => {
  it("whose labels are larger than a segment of the log does not hold up the others", async () => {
    const db = await open({ walSegmentBytes: 32 * 1024, walCompression: "none" });
    const long = "x".repeat(100_000);
    commit(db, { a: long }, 1000);
    commit(db, { a: "1" }, 1000);
    const expected = { [`{a="${long}"}`]: [[1000, 1]], '{a="1"}': [[1000, 1]] };
    expect(await contents(db)).toEqual(expected);
    await db.close();
    expect(await contents(await open())).toEqual(expected);
  });

  it.each([
    ["a value with half a character", { a: "\ud800" }],
    ["a name with half a character", { "\udc00": "1" }],
    ["a label without a name", { a: "1", "": "2" }],
  ])("with %s is refused: on the disk it would be another one", async (_, labels) => {
    const db = await open();
    expect(() => commit(db, labels, 1000)).toThrow(
      expect.objectContaining({ code: "LINKLIGHT_TSDB_INVALID_SERIES" }),
    );
    expect(db.stats().headSeries).toBe(0);
  });

  it("may have times from the first to the last that a number can say", async () => {
    const [first, last] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const db = await open({ retentionMs: 0 });
    const appender = db.appender();
    for (const [a, time] of [first, 0, last].entries()) appender.append({ a: `${a}` }, time, a);
    appender.commit();
    await db.compact();
    await db.close();
    const again = await open({ retentionMs: 0 });
    expect(again.replayReport.damage).toEqual([]);
    expect(again.blocksSetAside).toEqual([]);
    const { series } = await again.select({ ...ALL, minTime: first, maxTime: last });
    expect(series.map(({ labels }) => labels.get("a"))).toEqual(["0", "1", "2"]);
  });

  it("whose value is no number is refused", async () => {
    const appender = (await open()).appender();
    for (const value of [undefined, "5", 5n, null])
      expect(() => appender.append({ a: "1" }, 1000, value as unknown as number)).toThrow(
        TypeError,
      );
  });

  it("is deleted as the interval says: in whole milliseconds, on the disk too", async () => {
    const db = await open();
    const start = 1_700_000_000_000;
    for (let i = 0; i < 4; i++) commit(db, { a: "1" }, start + i);
    await db.deleteSeries([], { minTime: start + 0.5, maxTime: start + 2.5 });
    await expect(db.deleteSeries([], { minTime: 2, maxTime: 1 })).rejects.toThrow(RangeError);
    await expect(db.deleteSeries([], { minTime: Number.NaN, maxTime: 1 })).rejects.toThrow(
      RangeError,
    );
    const left = {
      '{a="1"}': [
        [start, 1],
        [start + 3, 1],
      ],
    };
    expect(await contents(db)).toEqual(left);
    await db.close();
    expect(await contents(await open())).toEqual(left);
  });

  it("before and after 1970 is in blocks that follow each other", async () => {
    const db = await open();
    for (let t = -9 * HOUR; t < 9 * HOUR; t += MINUTE) commit(db, { a: "1" }, t);
    const before = await contents(db);
    await db.compact();
    expect(await contents(db)).toEqual(before);
    expect(before['{a="1"}']).toHaveLength(18 * 60);
    const ends = db.blocks.map(({ meta }) => meta.maxTime);
    expect(db.blocks.slice(1).map(({ meta }) => meta.minTime)).toEqual(ends.slice(0, -1));
  });
});

function commit(db: Db, labels: Readonly<Record<string, string>>, time: number): void {
  const appender = db.appender();
  appender.append(labels, time, 1);
  appender.commit();
}

async function open(options: DbOptions = {}): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false, ...options });
  opened.push(db);
  return db;
}
