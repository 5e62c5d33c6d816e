import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import { Db } from "../db/db.ts";
import { DbReader } from "../db/db-reader.ts";
import { readWal } from "../wal/wal-reader.ts";
import { WalWriteError, WalWriter } from "../wal/wal-writer.ts";
import { AppendFile } from "./append-file.ts";

// The system's calls themselves fail, as a full or broken disk makes them: what a test in a small tmpfs shows on Linux
// (test/tsdb), here at exactly the call that is meant.
const real = { ...fs };
const HOUR = 3_600_000;
const MINUTE = 60_000;

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), "linklight-full-"));
});

afterEach(() => {
  repair();
  fs.rmSync(directory, { recursive: true, force: true });
});

describe("a file that is written on a full disk", () => {
  it("says so by name, whatever took the room: its buffer, or much at once", async () => {
    for (const bytes of [10, 300_000]) {
      const path = join(directory, `file-${bytes}`);
      const file = new AppendFile(path);
      full(0);
      const write = async (): Promise<void> => {
        file.write(new Uint8Array(bytes));
        await file.finish();
      };
      await expect(write()).rejects.toMatchObject({
        name: "WriteError",
        code: "LINKLIGHT_TSDB_DISK_FULL",
        message: `${path}: no space left on the device: it is tried again later`,
      });
      repair();
      file.abandon();
      file.abandon();
    }
  });

  it("that exists is refused", () => {
    fs.writeFileSync(join(directory, "file"), "");
    expect(() => new AppendFile(join(directory, "file"))).toThrow(
      expect.objectContaining({ code: "LINKLIGHT_TSDB_WRITE" }),
    );
  });
});

describe("a log on a full disk", () => {
  it("has nothing of a record that had room for its beginning only, and goes on behind the one before", async () => {
    const writer = new WalWriter(directory, { compression: "none" });
    writer.log([Uint8Array.of(1, 2, 3)]);
    full(5);
    expect(() => writer.log([new Uint8Array(100)])).toThrow(
      "no space left on the device: nothing is stored until there is room",
    );
    repair();
    expect(fs.statSync(join(directory, "00000000")).size).toBe(10);
    writer.log([Uint8Array.of(4)]);
    await writer.close();
    expect(Array.from(readWal(directory), ({ data }) => [...data])).toEqual([[1, 2, 3], [4]]);
  });

  it("that cannot even be cut is cut before the next record", async () => {
    const writer = new WalWriter(directory, { compression: "none" });
    writer.log([Uint8Array.of(1)]);
    full(5);
    replace("ftruncateSync", () => fail("EIO"));
    expect(() => writer.log([new Uint8Array(100)])).toThrow("cannot be written: EIO");
    // Still broken: nothing may be written behind the torn record.
    expect(() => writer.log([Uint8Array.of(2)])).toThrow(WalWriteError);
    repair();
    writer.log([Uint8Array.of(3)]);
    await writer.close();
    expect(Array.from(readWal(directory), ({ data }) => [...data])).toEqual([[1], [3]]);
  });

  it("says that it cannot be forced to the disk", async () => {
    const writer = new WalWriter(directory);
    replace("fsyncSync", () => fail("EIO"));
    expect(() => writer.syncNow()).toThrow(WalWriteError);
    repair();
    writer.syncNow();
    await writer.close();
  });

  it("is ended all the same", async () => {
    const writer = new WalWriter(directory, { compression: "none" });
    writer.log([Uint8Array.of(1)]);
    full(0);
    await writer.close();
    repair();
    expect(Array.from(readWal(directory), ({ data }) => [...data])).toEqual([[1]]);
  });

  it("is not made with segments of another size than of pages", () => {
    for (const segmentBytes of [0, -32_768, 1000])
      expect(() => new WalWriter(directory, { segmentBytes })).toThrow(
        `segment size ${segmentBytes}: expected a multiple of 32768 bytes`,
      );
  });
});

describe("a database on a full disk", () => {
  it("gives a compaction up, leaves nothing of it, and makes it when there is room", async () => {
    const db = await filled();
    full(3000);
    await expect(db.compact()).rejects.toMatchObject({ code: "LINKLIGHT_TSDB_DISK_FULL" });
    repair();
    expect(fs.readdirSync(directory).filter((name) => name.includes(".tmp"))).toEqual([]);
    expect(await samples(db)).toBe(7 * 60);
    await db.compact();
    expect(db.blocks).toHaveLength(2);
    // Made one of both, and interrupted in the middle.
    await db.deleteSeries([], { minTime: 0, maxTime: MINUTE });
    full(0);
    await expect(db.cleanTombstones()).rejects.toMatchObject({ code: "LINKLIGHT_TSDB_DISK_FULL" });
    repair();
    expect(await samples(db)).toBe(7 * 60 - 2);
    await db.close();
    const reader = await DbReader.open(directory);
    expect(reader.blocksSetAside).toEqual([]);
    expect(await samples(reader)).toBe(7 * 60 - 2);
    reader.close();
  });

  it("brings to the disk, committed again, what a commit could store and not sync", async () => {
    const db = await Db.open(directory, { autoCompaction: false, walSync: "commit" });
    const appender = db.appender();
    appender.append({ __name__: "x" }, 0, 1);
    let syncs = 0;
    replace("fsyncSync", () => fail("EIO"));
    expect(() => appender.commit()).toThrow(WalWriteError);
    expect(() => appender.commit()).toThrow("cannot be written: EIO");
    replace("fsyncSync", (file) => {
      syncs++;
      real.fsyncSync(file);
    });
    expect(appender.commit()).toBe(1);
    expect(syncs).toBeGreaterThan(0);
    // Stored once, and over.
    expect(await samples(db)).toBe(1);
    expect(() => appender.commit()).toThrow("appender: used after its end");
    expect(() => appender.append({ __name__: "x" }, 1, 1)).toThrow("used after its end");
    repair();
    await db.close();
  });

  it("gives a block up that it cannot begin", async () => {
    const db = await filled();
    replace("openSync", (path, ...rest) =>
      String(path).endsWith("index") ? fail("ENOSPC") : real.openSync(path, ...rest),
    );
    await expect(db.compact()).rejects.toMatchObject({ code: "LINKLIGHT_TSDB_DISK_FULL" });
    repair();
    expect(fs.readdirSync(directory).filter((name) => name.includes(".tmp"))).toEqual([]);
    await db.close();
  });
});

/** Seven hours of one series. */
async function filled(): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false });
  for (let t = 0; t < 7 * HOUR; t += MINUTE) {
    const appender = db.appender();
    appender.append(Labels.from({ __name__: "x" }), t, Math.sin(t));
    appender.commit();
  }
  return db;
}

async function samples(db: Pick<Db, "select">): Promise<number> {
  const { series } = await db.select({ matchers: [], minTime: 0, maxTime: 1e15 });
  const into = new SampleBuffer();
  for (const one of series) one.read(into, 0, 1e15);
  return into.length;
}

/** From now on there is room for this many bytes, of which a write takes what it can. */
function full(room: number): void {
  let left = room;
  replace("writeSync", ((file: number, bytes: Uint8Array, offset: number, length: number) => {
    if (left === 0) fail("ENOSPC");
    const count = real.writeSync(file, bytes, offset, Math.min(left, length));
    left -= count;
    return count;
  }) as typeof fs.writeSync);
}

function fail(code: string): never {
  throw Object.assign(new Error(code), { code, syscall: "write" });
}

function replace<K extends "writeSync" | "ftruncateSync" | "fsyncSync" | "openSync">(
  name: K,
  by: (typeof fs)[K],
): void {
  fs[name] = by;
  syncBuiltinESMExports();
}

function repair(): void {
  Object.assign(fs, {
    writeSync: real.writeSync,
    ftruncateSync: real.ftruncateSync,
    fsyncSync: real.fsyncSync,
    openSync: real.openSync,
  });
  syncBuiltinESMExports();
}
