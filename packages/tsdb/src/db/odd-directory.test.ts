import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Logger } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WalWriter } from "../wal/wal-writer.ts";
import { Db } from "./db.ts";
import type { DbOptions } from "./db-options.ts";
import { DbReader } from "./db-reader.ts";
import { DirectoryError } from "./directory.ts";
import { DirectoryLockedError } from "./lock.ts";

import { contents, fakeLogger, fill, HOUR, MINUTE } from "./testing.ts";

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
      await (await open()).close();
      // In a container, that may be the number of the next one.
      if (method === "pid") writeFileSync(join(directory, "lock.pid"), `${process.pid}\n`);
      await open();
      await expect(open()).rejects.toThrow(DirectoryLockedError);
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

  it("that is a disk of its own, as containers get it, is used", async () => {
    for (const name of ["lost+found", ".snapshot"]) mkdirSync(join(directory, name));
    fill(await open(), 0, MINUTE);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining([".snapshot", "lost+found"]));
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

  it("whose log has a time that cannot be said is refused, and kept", async () => {
    const zeros = (count: number): number[] => new Array<number>(count).fill(0);
    // First ref and time, then a sample: its distance in ref and time, its value.
    const distance = [...new Array<number>(9).fill(0xff), 1];
    const wal = new WalWriter(join(directory, "wal"));
    wal.log([Uint8Array.from([2, ...zeros(16), 0, ...distance, ...zeros(8)])]);
    await wal.close();
    const bytes = readFileSync(join(directory, "wal", "00000000"));
    await expect(open()).rejects.toMatchObject({
      code: "LINKLIGHT_TSDB_UNSUPPORTED_RECORD",
      message: expect.stringMatching(/is beyond 2\^53 and cannot be stored: let Prometheus/),
    });
    expect(readFileSync(join(directory, "wal", "00000000"))).toEqual(bytes);
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

  it("that is moved away is not served from the next compaction on, and closed with the others", async () => {
    const db = await open();
    fill(db, 0, 7 * HOUR);
    await db.compact();
    const [moved, kept] = db.blocks;
    renameSync(moved?.directory ?? "", join(directory, "elsewhere"));
    await db.compact();
    fill(db, 7 * HOUR, 8 * HOUR);
    await db.compact();
    expect(db.blocks.map(({ directory }) => directory)).toContain(kept?.directory);
    expect(db.blocks.map(({ directory }) => directory)).not.toContain(moved?.directory);
    await db.close();
    expect(openFiles()).toEqual([]);
  });

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

it.each([
  ["made a block of the head", 4],
  ["made one block of several", 10],
])("what is to be replaced stays until its replacement can be read (%s)", async (step, hours) => {
  let breaks = true;
  const { logger } = fakeLogger();
  const breaking: Logger = {
    ...logger,
    // Between the writing of a block and its opening.
    info: (message, fields) => {
      if (breaks && message === step)
        rmSync(join(directory, String((fields as { ulid: string }).ulid), "index"));
    },
  };
  const db = await open({ logger: breaking, maxBlockDurationMs: 6 * HOUR });
  fill(db, 0, hours * HOUR);
  const before = await contents(db);
  await expect(db.compact()).rejects.toThrow("was written and cannot be read");
  expect(await contents(db)).toEqual(before);
  const ulids = readdirSync(directory).filter((name) => name.length === 26);
  expect(db.blocks.map(({ meta }) => meta.ulid).sort()).toEqual(ulids.sort());
  expect(db.blocks.flatMap(({ meta }) => meta.compaction.failed ?? [])).toEqual([]);
  breaks = false;
  await db.compact();
  expect(await contents(db)).toEqual(before);
  expect(db.blocks[0]?.meta.maxTime).toBe(hours === 4 ? 2 * HOUR : 6 * HOUR);
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

async function open(options: DbOptions = {}): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false, ...options });
  opened.push(db);
  return db;
}

/** The files below the directory that this process has open, where the system tells. */
function openFiles(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fd")
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        // The one of the listing itself.
        return "";
      }
    })
    .filter((path) => path.startsWith(directory));
}

function flipped(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] as number) ^ 1;
  return damaged;
}

function edited(text: Buffer, from: string, to: string): Buffer {
  return Buffer.from(text.toString().replace(from, to));
}
