import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Labels, type Logger, type Matcher } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import { WalWriter } from "../wal/wal-writer.ts";
import { BlockBuilder } from "./block-builder.ts";
import { Db } from "./db.ts";
import type { DbOptions } from "./db-options.ts";
import { DbReader } from "./db-reader.ts";
import { DirectoryError } from "./directory.ts";
import { DirectoryLockedError } from "./lock.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

const METHODS = spawnSync("flock", ["--version"]).status === 0 ? ["flock", "pid"] : ["pid"];

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

describe("a directory", () => {
  it.each(METHODS)("that is open is refused to a second opener (%s)", async (method) => {
    const path = process.env["PATH"];
    if (method === "pid") process.env["PATH"] = "/nonexistent";
    try {
      const db = await open();
      const refused = open();
      await expect(refused).rejects.toThrow(DirectoryLockedError);
      await expect(refused).rejects.toThrow(`${directory}: locked by `);
      expect(existsSync(join(directory, "lock.pid"))).toBe(method === "pid");
      await db.close();
      expect(readdirSync(directory).filter((name) => name.startsWith("lock.pid"))).toEqual([]);
      // A process that was killed leaves its number.
      if (method === "pid") writeFileSync(join(directory, "lock.pid"), "99999999\n");
      await open();
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("with other people's files in it is refused and not touched", async () => {
    writeFileSync(join(directory, "thesis.txt"), "");
    await expect(open()).rejects.toThrow(
      `${directory}: is not a database: it holds thesis.txt: choose an empty directory, or Prometheus' data directory`,
    );
    expect(readdirSync(directory)).toEqual(["thesis.txt"]);
  });

  it("that is none is refused", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    await expect(Db.open(file)).rejects.toThrow(DirectoryError);
    await expect(Db.open(join(file, "below"))).rejects.toThrow(`${file}/below: cannot be used: `);
    await expect(DbReader.open(join(directory, "absent"))).rejects.toThrow(
      "there is no such directory",
    );
  });

  it("whose log or out-of-order log holds what cannot be stored is refused by its name, and kept", async () => {
    const wal = new WalWriter(join(directory, "wal"));
    wal.log([Uint8Array.from([7, 0, 0]), Uint8Array.from([14, 0, 0])]);
    await wal.close();
    const bytes = readFileSync(join(directory, "wal", "00000000"));
    await expect(open()).rejects.toThrow(
      `${directory}/wal: holds histogram samples and records of type 14, which are new, which cannot be stored yet and would be lost: let Prometheus bring them into blocks first`,
    );
    expect(readFileSync(join(directory, "wal", "00000000"))).toEqual(bytes);
    rmSync(join(directory, "wal"), { recursive: true });
    mkdirSync(join(directory, "wbl"));
    writeFileSync(join(directory, "wbl", "00000000"), bytes);
    await expect(open()).rejects.toThrow("bytes of out-of-order samples, which are not supported");
  });

  it("with exemplars in its log is opened, and a warning says so", async () => {
    const wal = new WalWriter(join(directory, "wal"));
    wal.log([Uint8Array.from([4, 0, 0])]);
    await wal.close();
    const { logger, lines } = fakeLogger();
    await open({ logger });
    expect(lines.join("\n")).toContain('not supported {"name":"exemplars","count":1}');
  });

  it("whose log is damaged is cut there, and a warning says where and how much", async () => {
    const db = await open();
    fill(db, 0, HOUR);
    await db.close();
    const path = join(directory, "wal", "00000000");
    const bytes = readFileSync(path);
    writeFileSync(path, flipped(bytes, 1000));
    const { logger, lines } = fakeLogger();
    const again = await open({ logger });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("the write-ahead log was damaged, and is cut there");
    expect(lines[0]).toMatch(
      /wal\/00000000: at byte \d+: .*"bytesDropped":\d+,"segmentsDropped":0/,
    );
    const left = (await contents(again))['x{port="1"}'] ?? [];
    expect(left.length).toBeGreaterThan(5);
    expect(left.length).toBeLessThan(60);
    fill(again, HOUR, HOUR + MINUTE);
    await again.close();
    const third = await open();
    expect(third.replayReport.damage).toEqual([]);
    expect((await contents(third))['x{port="1"}']?.slice(0, -1)).toEqual(left);
  });

  it("that was left by a crash is cleared of everything unfinished", async () => {
    const db = await open();
    fill(db, 0, 4 * HOUR);
    await db.compact();
    const ulid = db.blocks[0]?.meta.ulid ?? "";
    await db.close();
    const other = "01JD000000000000000000000A";
    for (const name of [
      `${other}.tmp-for-creation`,
      `${other}.tmp-for-deletion`,
      "chunks_head",
      "chunk_snapshot.000000.0000000000",
    ])
      mkdirSync(join(directory, name));
    mkdirSync(join(directory, "wal", "checkpoint.00000000.tmp"));
    await open();
    const names = readdirSync(directory).filter((name) => !name.startsWith("lock"));
    expect(names.sort()).toEqual([ulid, "wal"]);
    expect(readdirSync(join(directory, "wal"))).toEqual(["00000000", "00000001", "00000002"]);
  });
});

describe("a block", () => {
  it.each([
    ["meta.json", (text: Buffer) => text.subarray(0, 20), "meta.json: "],
    [
      "meta.json",
      (text: Buffer) => edited(text, '"version": 1', '"version": 9'),
      "version 9, expected 1",
    ],
    ["index", (bytes: Buffer) => bytes.subarray(0, bytes.length - 1), "table of contents"],
    ["index", (bytes: Buffer) => flipped(bytes, 4), "index version 3, expected 2"],
    ["index", (bytes: Buffer) => flipped(bytes, 12), "symbol"],
    ["chunks/000001", (bytes: Buffer) => flipped(bytes, 4), "version 0 of chunks, expected 1"],
    ["chunks/000001", (bytes: Buffer) => flipped(bytes, 0), "chunks begin with 0x85bd40dd"],
    ["tombstones", (bytes: Buffer) => bytes.subarray(0, 3), "tombstones"],
  ] as const)(
    "whose %s is damaged is set aside, and the rest is served",
    async (name, damage, message) => {
      const db = await open();
      fill(db, 0, 7 * HOUR);
      await db.compact();
      const expected = await contents(db, 2 * HOUR);
      const [broken] = db.blocks;
      await db.close();
      const path = join(broken?.directory ?? "", name);
      writeFileSync(path, damage(readFileSync(path)));
      const { logger, lines } = fakeLogger();
      const again = await open({ logger });
      expect(await contents(again)).toEqual(expected);
      expect(again.blocksSetAside.map((one) => one.directory)).toEqual([broken?.directory]);
      expect(again.blocksSetAside[0]?.error.message).toContain(message);
      expect(again.blocksSetAside[0]?.error.message).toContain(path);
      expect(lines[0]).toContain("a block cannot be read and is not served");
      await again.compact();
      expect(existsSync(broken?.directory ?? "")).toBe(true);
    },
  );

  it("with a chunk that is damaged is named when it is read, and does not hold up the others' compaction", async () => {
    const db = await open({ maxBlockDurationMs: 18 * HOUR });
    fill(db, 0, 4 * HOUR);
    await db.compact();
    const path = join(db.blocks[0]?.directory ?? "", "chunks", "000001");
    await db.close();
    writeFileSync(path, flipped(readFileSync(path), 30));
    const { logger, lines } = fakeLogger();
    const again = await open({ maxBlockDurationMs: 18 * HOUR, logger });
    fill(again, 4 * HOUR, 24 * HOUR);
    await again.compact();
    expect(lines.filter((line) => line.includes("cannot be compacted"))).toHaveLength(1);
    expect(
      again.blocks.map(({ meta }) => [meta.minTime / HOUR, meta.maxTime / HOUR]),
    ).toContainEqual([6, 12]);
    expect(again.blocks[0]?.meta.compaction.failed).toBe(true);
    await expect(contents(again)).rejects.toThrow(`${path}: chunk at 8: its checksum is`);
    expect((await contents(again, 6 * HOUR))['x{port="1"}']).toHaveLength(18 * 60);
  });
});

it("a log that cannot be written stops commits by name, and nothing else", async () => {
  const db = await open({ walSegmentBytes: 32 * 1024 });
  fill(db, 0, HOUR);
  const before = await contents(db);
  // The next segment cannot be made: as with a full disk, for a test that any machine can run.
  const next = join(directory, "wal", "00000001");
  mkdirSync(next);
  let refused: unknown;
  let now = HOUR;
  for (; refused === undefined; now += MINUTE) {
    try {
      fill(db, now, now + MINUTE);
    } catch (error) {
      refused = error;
    }
  }
  expect(refused).toMatchObject({ name: "WalWriteError", code: "LINKLIGHT_TSDB_WRITE" });
  const stored = await contents(db);
  rmSync(next, { recursive: true });
  fill(db, now, now + MINUTE);
  await db.close();
  const again = await contents(await open());
  expect(again['x{port="1"}']?.slice(0, -1)).toEqual(stored['x{port="1"}']);
  expect(stored['x{port="1"}']?.slice(0, 60)).toEqual(before['x{port="1"}']);
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
      `block durations: expected 0 < min (${minBlockDurationMs} ms) ≤ max (${maxBlockDurationMs} ms)`,
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

const ALL = { matchers: [], minTime: -1e15, maxTime: 1e15 };

async function open(options: DbOptions = {}): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false, ...options });
  opened.push(db);
  return db;
}

/** One sample a minute. */
function fill(db: Db, from: number, to: number, ports: readonly string[] = ["1", "2"]): void {
  for (let t = from; t < to; t += MINUTE) {
    const appender = db.appender();
    for (const port of ports)
      appender.append({ __name__: "x", port }, t, Math.sin(t / MINUTE) * Number(port));
    appender.commit();
  }
}

async function contents(
  db: Pick<Db, "select">,
  minTime = -1e15,
): Promise<Record<string, [number, number][]>> {
  const { series } = await db.select({ ...ALL, minTime });
  return Object.fromEntries(
    series
      .map((one) => [one.labels.toString(), read(one, minTime)] as const)
      .filter(([, samples]) => samples.length > 0),
  );
}

function read(
  series: { read(into: SampleBuffer, minTime: number, maxTime: number): void },
  minTime = -1e15,
): [number, number][] {
  const into = new SampleBuffer();
  series.read(into, minTime, 1e15);
  return into.pairs();
}

function equals(name: string, value: string): Matcher {
  return { name, operator: "=", value, matches: (candidate) => candidate === value };
}

function flipped(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] as number) ^ 1;
  return damaged;
}

function edited(text: Buffer, from: string, to: string): Buffer {
  return Buffer.from(text.toString().replace(from, to));
}

/** Keeps what it is told: message and fields. */
function fakeLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const note = (message: string, fields?: unknown): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const logger: Logger = {
    debug: note,
    info: () => {},
    warn: note,
    error: note,
    named: () => logger,
  };
  return { logger, lines };
}
