import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BlockBuilder } from "./block-builder.ts";
import { Db } from "./db.ts";
import type { DbOptions } from "./db-options.ts";
import { DbReader } from "./db-reader.ts";

import { ALL, contents, equals, fakeLogger, fill, HOUR, MINUTE, read } from "./testing.ts";

let directory: string;
const opened: Db[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-db-"));
});

afterEach(async () => {
  for (const db of opened.splice(0)) await db.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("a database", () => {
  it("has after a restart what was committed before: samples, metadata, deletions", async () => {
    const db = await open();
    const appender = db.appender();
    const ref = appender.append({ __name__: "x", port: "1" }, 1000, 1);
    appender.append({ __name__: "x", port: "1" }, 2000, 2);
    appender.append({ __name__: "x", port: "2" }, 2000, 3);
    appender.setMetadata(ref, { type: "gauge", help: "An x.", unit: "bytes" });
    appender.commit();
    await db.deleteSeries([equals("port", "1")], { minTime: 0, maxTime: 1500 });
    const expected = { 'x{port="1"}': [[2000, 2]], 'x{port="2"}': [[2000, 3]] };
    expect(await contents(db)).toEqual(expected);
    await db.close();
    await db.close();
    const again = await open();
    expect(await contents(again)).toEqual(expected);
    const [first] = again.head.allSeries();
    expect(first && again.head.metadata(first)).toEqual({
      type: "gauge",
      help: "An x.",
      unit: "bytes",
    });
    expect(again.replayReport.damage).toEqual([]);
  });

  it("makes blocks of what is older than a block and a half, and answers from all parts as from one", async () => {
    const db = await open();
    fill(db, 0, 7 * HOUR);
    const before = await contents(db);
    const names = await db.labelNames(ALL);
    await db.compact();
    expect(
      db.blocks.map(({ meta }) => [meta.minTime, meta.maxTime, meta.stats.numSamples]),
    ).toEqual([
      [0, 2 * HOUR, 240],
      [2 * HOUR, 4 * HOUR, 240],
    ]);
    expect(db.stats()).toMatchObject({ blocks: 2, headMinTime: 4 * HOUR, headSeries: 2 });
    expect(await contents(db)).toEqual(before);
    expect(await db.labelNames(ALL)).toEqual(names);
    expect(await db.labelValues("port", ALL)).toEqual(["1", "2"]);
    expect(await db.labelValues("port", { ...ALL, matchers: [equals("port", "2")] })).toEqual([
      "2",
    ]);
    await db.close();
    expect(await contents(await open())).toEqual(before);
    const reader = await DbReader.open(directory);
    expect(await contents(reader)).toEqual(before);
    reader.close();
  });

  it("lets a query go on that began before a compaction", async () => {
    const db = await open();
    fill(db, 0, 4 * HOUR);
    await db.compact();
    fill(db, 4 * HOUR, 20 * HOUR);
    const { series } = await db.select(ALL);
    const expected = await contents(db);
    await db.compact();
    expect(db.blocks[0]?.meta.compaction.level).toBeGreaterThan(1);
    expect(Object.fromEntries(series.map((one) => [`${one.labels}`, read(one)]))).toEqual(expected);
  });

  it("makes large blocks of small ones, and removes those that the retention does not keep", async () => {
    const db = await open({ retentionMs: 30 * HOUR, maxBlockDurationMs: 18 * HOUR });
    for (let hour = 0; hour < 60; hour += 4) {
      fill(db, hour * HOUR, (hour + 4) * HOUR);
      await db.compact();
    }
    const ranges = db.blocks.map(({ meta }) => [meta.minTime / HOUR, meta.maxTime / HOUR]);
    expect(ranges).toEqual([
      [18, 36],
      [36, 54],
      [54, 56],
      [56, 58],
    ]);
    const samples = (await contents(db))['x{port="1"}'] ?? [];
    expect([samples[0]?.[0], samples.length]).toEqual([18 * HOUR, 42 * 60]);
  });

  it("removes the oldest blocks while all take too much", async () => {
    const db = await open({ retentionBytes: 400_000, walSegmentBytes: 32 * 1024 });
    const ports = Array.from({ length: 20 }, (_, i) => `${i}`);
    for (let hour = 0; hour < 60; hour += 4) {
      fill(db, hour * HOUR, (hour + 4) * HOUR, ports);
      await db.compact();
      const { blockBytes, walBytes } = db.stats();
      expect(blockBytes + walBytes).toBeLessThanOrEqual(400_000);
    }
    expect(db.blocks[0]?.meta.minTime).toBeGreaterThan(0);
  });

  it("truncates its log, and has all of it after a restart", async () => {
    const db = await open({ walSegmentBytes: 32 * 1024 });
    for (let hour = 0; hour < 24; hour++) {
      fill(db, hour * HOUR, (hour + 1) * HOUR, [`${hour}`]);
      await db.compact();
    }
    const names = readdirSync(join(directory, "wal"));
    expect(names.filter((name) => name.startsWith("checkpoint."))).toHaveLength(1);
    expect(names).not.toContain("00000000");
    expect(db.stats().headSeries).toBeLessThan(8);
    const before = await contents(db);
    expect(Object.keys(before)).toHaveLength(24);
    await db.close();
    const again = await open();
    expect(await contents(again)).toEqual(before);
    expect(again.replayReport).toMatchObject({ damage: [], unknownRefs: 0 });
  });

  it("deletes from head and blocks at once, and from the disk when it is asked to clean up", async () => {
    const db = await open();
    fill(db, 0, 7 * HOUR);
    await db.compact();
    await db.deleteSeries([equals("port", "1")], { minTime: HOUR, maxTime: 6 * HOUR });
    const after = await contents(db);
    expect(after['x{port="1"}']?.filter(([t]) => t >= HOUR && t <= 6 * HOUR)).toEqual([]);
    expect(after['x{port="2"}']).toHaveLength(7 * 60);
    expect(db.blocks.map(({ meta }) => meta.stats.numTombstones)).toEqual([1, 1]);
    await db.close();
    const again = await open();
    expect(await contents(again)).toEqual(after);
    await again.deleteSeries([], { minTime: 2 * HOUR, maxTime: 4 * HOUR - 1 });
    const ids = again.blocks.map(({ meta }) => meta.ulid);
    await again.cleanTombstones();
    expect(again.blocks.map(({ meta }) => [meta.minTime, meta.stats.numSamples])).toEqual([
      [0, 180],
    ]);
    expect(again.blocks.some(({ meta }) => ids.includes(meta.ulid))).toBe(false);
    expect((await contents(again))['x{port="1"}']).toEqual(after['x{port="1"}']);
  });

  it("forces to the disk what was committed, also while segments end", async () => {
    const db = await open({ walSegmentBytes: 32 * 1024 });
    const syncs: Promise<void>[] = [];
    for (let minute = 0; minute < 600; minute++) {
      // Without a pattern, so that segments fill up.
      fill(db, minute * MINUTE, (minute + 1) * MINUTE, [
        `${Math.sin(minute)}${"x".repeat(minute)}`,
      ]);
      if (minute % 50 === 0) syncs.push(db.sync());
    }
    await Promise.all(syncs);
    await db.sync();
    expect(readdirSync(join(directory, "wal")).length).toBeGreaterThan(1);
    const before = await contents(db);
    await db.close();
    const again = await open();
    expect(await contents(again)).toEqual(before);
  });

  it("refuses everything after it was closed, in one line", async () => {
    const db = await open();
    fill(db, 0, HOUR);
    const early = db.appender();
    early.append({ __name__: "x" }, 2 * HOUR, 1);
    const asked = db.compact();
    await db.close();
    await asked;
    const closed = `${directory}: the database is closed: open it again`;
    expect(() => db.appender()).toThrow(closed);
    expect(() => early.commit()).toThrow(closed);
    for (const use of [
      () => db.select(ALL),
      () => db.labelNames(ALL),
      () => db.labelValues("port", ALL),
      () => db.compact(),
      () => db.deleteSeries([], { minTime: 0, maxTime: 1 }),
      () => db.cleanTombstones(),
      () => db.sync(),
    ])
      await expect(use()).rejects.toThrow(closed);
    await db.close();
    expect(Object.keys(await contents(await open()))).toHaveLength(2);
  });

  it("is closed when any of those who close it are told so", async () => {
    const db = await open();
    fill(db, 0, 4 * HOUR);
    const compacted = db.compact();
    void db.close();
    await db.close();
    await compacted;
    // The lock is free, and the block whole.
    expect((await open()).blocks).toHaveLength(1);
  });

  it("answers from blocks that overlap: each time once", async () => {
    for (const [from, step] of [
      [0, 2 * MINUTE],
      [HOUR, MINUTE],
    ] as const) {
      const builder = new BlockBuilder(directory);
      const db = await DbReader.open(directory);
      const series = (await db.select(ALL)).series[0]?.labels;
      db.close();
      for (let t = from; t < from + HOUR; t += step)
        builder.add(series ?? Labels.from({ __name__: "x" }), t, t + step);
      for (let t = 0; t < HOUR / 2; t += step)
        if (from > 0) builder.add(Labels.from({ __name__: "a" }), t, t + step);
      await builder.finish();
    }
    const builder = new BlockBuilder(directory);
    for (let t = HOUR / 2; t < 1.5 * HOUR; t += MINUTE)
      builder.add(Labels.from({ __name__: "x" }), t, t);
    await builder.finish();
    const reader = await DbReader.open(directory);
    expect(reader.overlaps).toEqual([reader.blocks.map(({ meta }) => meta.ulid)]);
    reader.close();
    const db = await open();
    expect(db.blocks).toHaveLength(3);
    const times = (await contents(db))["x"]?.map(([t]) => t) ?? [];
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(new Set(times.map((t) => t % (2 * MINUTE)))).toEqual(new Set([0, MINUTE]));
    expect(times.at(-1)).toBe(2 * HOUR - MINUTE);
    await db.compact();
    expect(db.blocks).toHaveLength(3);
  });
});

describe("a database by itself", () => {
  it("compacts once a minute, and says so when it cannot", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { logger, lines } = fakeLogger();
      const db = await open({ autoCompaction: true, logger });
      fill(db, 0, 7 * HOUR);
      const blocked = join(directory, "wal", "00000001");
      // The log cannot be cut.
      mkdirSync(blocked);
      vi.advanceTimersByTime(60_000);
      await vi.waitUntil(() => lines.some((line) => line.includes("compaction failed")));
      expect(lines.at(-1)).toContain("compaction failed and is tried again in a minute");
      rmSync(blocked, { recursive: true });
      vi.advanceTimersByTime(60_000);
      // Behind the one that has just begun.
      await db.cleanTombstones();
      expect(db.stats().headMinTime).toBe(4 * HOUR);
      await db.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes on after a job that failed", async () => {
    const db = await open();
    fill(db, 0, 7 * HOUR);
    mkdirSync(join(directory, "wal", "00000001"));
    await expect(db.compact()).rejects.toThrow("00000001: cannot be written");
    await expect(db.deleteSeries([], { minTime: 0, maxTime: HOUR })).resolves.toBeUndefined();
    rmSync(join(directory, "wal", "00000001"), { recursive: true });
    const failing = db.compact();
    await db.close();
    await expect(failing).resolves.toBeUndefined();
  });
});

it("a database that waits for the disk with every commit has the same afterwards", async () => {
  const db = await open({ walSync: "commit" });
  fill(db, 0, HOUR);
  await db.deleteSeries([equals("port", "1")], { minTime: 0, maxTime: HOUR });
  await db.deleteSeries([equals("port", "absent")], { minTime: 0, maxTime: HOUR });
  const before = await contents(db);
  expect(Object.keys(before)).toEqual(['x{port="2"}']);
  await db.close();
  expect(await contents(await open())).toEqual(before);
});

it("blocks that cannot be are refused before anything is made", async () => {
  const below = join(directory, "below");
  for (const [minBlockDurationMs, maxBlockDurationMs] of [
    [0, 1],
    [Number.NaN, HOUR],
    [2 * HOUR, HOUR],
  ] as const)
    await expect(Db.open(below, { minBlockDurationMs, maxBlockDurationMs })).rejects.toThrow(
      /^(min|max)BlockDurationMs .*: expected /,
    );
  expect(existsSync(below)).toBe(false);
});

it("a reader answers what the database does, and changes nothing", async () => {
  const db = await open();
  fill(db, 0, 7 * HOUR);
  await db.compact();
  const expected = [await db.labelNames(ALL), await db.labelValues("port", ALL)];
  const blocks = db.blocks.map(({ meta }) => meta.ulid);
  const before = readdirSync(directory, { recursive: true });
  const reader = await DbReader.open(directory);
  expect([await reader.labelNames(ALL), await reader.labelValues("port", ALL)]).toEqual(expected);
  expect(reader.blocks.map(({ meta }) => meta.ulid)).toEqual(blocks);
  expect(reader.blocksSetAside).toEqual([]);
  reader.close();
  expect(readdirSync(directory, { recursive: true })).toEqual(before);
  writeFileSync(join(directory, "file"), "");
  await expect(DbReader.open(join(directory, "file"))).rejects.toThrow(
    /file: cannot be read: ENOTDIR/,
  );
  rmSync(join(directory, "file"));
});

it("a deletion of the head alone goes with it into the block", async () => {
  const db = await open();
  fill(db, 0, 7 * HOUR);
  await db.deleteSeries([equals("port", "1")], { minTime: 0, maxTime: HOUR });
  // All that the first block would have of a series.
  await db.deleteSeries([equals("port", "2")], { minTime: 0, maxTime: 2 * HOUR - 1 });
  const before = await contents(db);
  await db.compact();
  expect(db.blocks.map(({ meta }) => meta.stats)).toMatchObject([
    { numSeries: 1, numSamples: 59 },
    { numSeries: 2, numSamples: 240 },
  ]);
  expect(await contents(db)).toEqual(before);
  // All that the next block would have at all.
  fill(db, 7 * HOUR, 9 * HOUR);
  await db.deleteSeries([], { minTime: 4 * HOUR, maxTime: 6 * HOUR - 1 });
  const after = await contents(db);
  await db.compact();
  expect(db.blocks).toHaveLength(2);
  expect(db.stats().headMinTime).toBe(6 * HOUR);
  expect(await contents(db)).toEqual(after);
});

async function open(options: DbOptions = {}): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false, ...options });
  opened.push(db);
  return db;
}
