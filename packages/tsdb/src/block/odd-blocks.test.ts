import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels, type Matcher } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UnsupportedChunkError } from "../chunk/encodings.ts";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import { XorChunk } from "../chunk/xor-chunk.ts";
import { Db } from "../db/db.ts";
import { PageCache } from "../disk/page-cache.ts";
import { crc32c } from "../encoding/crc32c.ts";
import { Block } from "./block-reader.ts";
import { BlockWriter, type EncodedChunk } from "./block-writer.ts";
import { readTombstones, Tombstones, writeTombstones } from "./tombstones.ts";

const HOUR = 3_600_000;
const HISTOGRAM = 2;
const ALL = { matchers: [], minTime: 0, maxTime: 1e15 };

let directory: string;
const opened: { close(): unknown }[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-odd-"));
});

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(directory, { recursive: true });
});

describe("a block's meta.json", () => {
  it.each([
    ["null", "not an object"],
    ["[1]", "version undefined, expected 1: written by another version of Prometheus"],
    [{ ulid: 7 }, "no ulid"],
    [{ maxTime: "x" }, "minTime 0 and maxTime x are not whole milliseconds"],
    [{ minTime: 0.5 }, "minTime 0.5 and maxTime 7200000 are not whole milliseconds"],
    [{ compaction: {} }, "no compaction level"],
    [{ compaction: null }, "no compaction level"],
  ])("that says %j is refused", async (change, problem) => {
    const path = join(await writeBlock(0), "meta.json");
    const text =
      typeof change === "string"
        ? change
        : JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change });
    writeFileSync(path, text);
    await expect(open(0)).rejects.toThrow(`${path}: ${problem}`);
  });

  it("that is missing makes the block none, and its time is not known", async () => {
    rmSync(join(await writeBlock(0), "meta.json"));
    const db = await openDb();
    expect(db.blocksSetAside).toMatchObject([{ meta: undefined }]);
    // Looked at again, and told once.
    await db.compact();
    expect(db.blocksSetAside).toHaveLength(1);
  });
});

describe("chunks", () => {
  it("of histograms are named, and the floats beside them are served", async () => {
    await writeBlock(0, [HISTOGRAM, 1]);
    const [histogram, floats] = [...(await open(0)).select(ALL)];
    const into = new SampleBuffer();
    expect(() => histogram?.read(into, 0, HOUR)).toThrow(UnsupportedChunkError);
    expect(() => histogram?.read(into, 0, HOUR)).toThrow(
      "chunks/000001: chunk at 8: chunk encoding 2 (histogram) cannot be read: only XOR chunks of floats can",
    );
    floats?.read(into, 0, HOUR);
    expect(into.length).toBe(10);
  });

  it("of an encoding that nobody knows are named by its number", async () => {
    await writeBlock(0, [77]);
    const [series] = [...(await open(0)).select(ALL)];
    expect(() => series?.read(new SampleBuffer(), 0, HOUR)).toThrow("encoding 77 (unknown)");
  });

  it("of histograms are counted apart, and copied as they are into larger blocks", async () => {
    for (const i of [0, 1, 2, 3, 4, 5]) await writeBlock(i, [HISTOGRAM, 1]);
    const db = await openDb({ maxBlockDurationMs: 6 * HOUR });
    await db.compact();
    const [first] = db.blocks;
    expect(first?.meta).toMatchObject({
      maxTime: 6 * HOUR,
      stats: { numSamples: 60, numFloatSamples: 30, numHistogramSamples: 30 },
    });
    expect(
      first?.stretch(
        first.index.series(first.index.allPostings()[0] as number).chunks[0]?.ref ?? 0,
      ),
    ).toMatchObject({
      encoding: HISTOGRAM,
    });
  });

  it("of histograms that are deleted in part keep their blocks as they are", async () => {
    for (const i of [0, 1, 2, 3, 4, 5]) await writeBlock(i, [HISTOGRAM, 1]);
    const db = await openDb({ maxBlockDurationMs: 6 * HOUR });
    await db.deleteSeries([], { minTime: 3000, maxTime: 5000 });
    await db.compact();
    expect(db.blocks.map(({ meta }) => meta.compaction.failed)).toEqual([
      true,
      true,
      true,
      ...Array(3).fill(undefined),
    ]);
  });

  it("that are wholly deleted go, whatever their encoding", async () => {
    await writeBlock(0, [HISTOGRAM, 1]);
    const db = await openDb();
    await db.deleteSeries([equals("i", "0")], { minTime: 0, maxTime: HOUR });
    await db.cleanTombstones();
    expect(db.blocks.map(({ meta }) => meta.stats)).toEqual([
      { numSamples: 10, numFloatSamples: 10, numSeries: 1, numChunks: 1 },
    ]);
    // Nothing is deleted any more: nothing is written.
    const before = db.blocks[0]?.meta.ulid;
    await db.cleanTombstones();
    expect(db.blocks[0]?.meta.ulid).toBe(before);
  });

  it("need all their segments", async () => {
    const path = await writeBlock(0);
    copyFileSync(join(path, "chunks", "000001"), join(path, "chunks", "000003"));
    await expect(open(0)).rejects.toThrow("chunks/000003: segment 2 is missing");
    renameSync(join(path, "chunks", "000003"), join(path, "chunks", "000002"));
    expect([...(await open(0)).select(ALL)]).toHaveLength(1);
    rmSync(join(path, "chunks", "000001"));
    rmSync(join(path, "chunks", "000002"));
    const [series] = [...(await open(0)).select(ALL)];
    expect(() => series?.read(new SampleBuffer(), 0, HOUR)).toThrow(
      "chunk 8: in segment 1, but there are 0",
    );
  });

  it("that are larger than a page are read", async () => {
    const chunk = new XorChunk();
    for (let i = 0; i < 16_000; i++) chunk.append(i, Math.sin(i));
    const data = chunk.bytes();
    expect(data.length).toBeGreaterThan(100_000);
    const encoded = { minTime: 0, maxTime: 15_999, encoding: 1, data, samples: 16_000 };
    await writeBlock(0, [], [encoded]);
    const into = new SampleBuffer();
    for (const series of (await open(0)).select(ALL)) series.read(into, 0, HOUR);
    expect(into.pairs().at(-1)).toEqual([15_999, Math.sin(15_999)]);
  });
});

describe("tombstones", () => {
  it("of another format are refused", async () => {
    const path = join(await writeBlock(0), "tombstones");
    const bytes = readFileSync(path);
    bytes[4] = 2;
    writeFileSync(path, bytes);
    await expect(open(0)).rejects.toThrow(
      "begins with 0x130ba30, version 2: expected 0x0130ba30, version 1",
    );
  });

  it("need not be there, and have no size then", async () => {
    const path = join(await writeBlock(0), "tombstones");
    const { size } = await open(0);
    rmSync(path);
    expect(readTombstones(join(path, ".."))).toMatchObject({ count: 0 });
    expect((await open(0)).size).toBe(size - 9);
  });

  it("are forgotten once their time is", async () => {
    const tombstones = new Tombstones();
    tombstones.add(1, { minTime: 0, maxTime: 9 });
    tombstones.add(1, { minTime: 20, maxTime: 29 });
    tombstones.add(2, { minTime: 0, maxTime: 9 });
    tombstones.dropBefore(10);
    expect([...tombstones.entries()]).toEqual([[1, [{ minTime: 20, maxTime: 29 }]]]);
    await writeTombstones(directory, tombstones);
    expect([...readTombstones(directory).entries()]).toEqual([...tombstones.entries()]);
    rmSync(join(directory, "tombstones"));
  });

  it("that delete nothing of a block are not written", async () => {
    const path = join(await writeBlock(0), "meta.json");
    const before = readFileSync(path);
    const db = await openDb();
    await db.deleteSeries([equals("i", "absent")], { minTime: 0, maxTime: HOUR });
    await db.deleteSeries([], { minTime: 20_000, maxTime: HOUR });
    expect(readFileSync(path)).toEqual(before);
  });
});

it("a block whose series have all gone is removed with the next compaction", async () => {
  await writeBlock(0);
  const path = await writeBlock(1);
  const meta = JSON.parse(readFileSync(join(path, "meta.json"), "utf8"));
  writeFileSync(
    join(path, "meta.json"),
    JSON.stringify({ ...meta, compaction: { ...meta.compaction, deletable: true } }),
  );
  const db = await openDb();
  expect(db.blocks).toHaveLength(1);
  expect(existsSync(path)).toBe(false);
});

function name(i: number): string {
  return `01JD00000000000000000000${String(i).padStart(2, "0")}`;
}

async function open(i: number): Promise<Block> {
  const block = await Block.open(join(directory, name(i)), new PageCache());
  opened.push(block);
  return block;
}

async function openDb(options: { maxBlockDurationMs?: number } = {}): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false, retentionMs: 0, ...options });
  opened.push(db);
  return db;
}

/** A block of two hours, with a series of ten samples for each encoding, which are all called that. */
async function writeBlock(
  i: number,
  encodings: readonly number[] = [1],
  chunks?: readonly EncodedChunk[],
): Promise<string> {
  const minTime = 2 * HOUR * i;
  const writer = await BlockWriter.begin(directory, {
    ulid: name(i),
    minTime,
    maxTime: minTime + 2 * HOUR,
    compaction: { level: 1, sources: [name(i)] },
    symbols: ["i", "all", ...encodings.map((_, n) => `${n}`)],
  });
  if (chunks !== undefined) writer.add(Labels.from({ i: "all" }), chunks);
  for (const [n, encoding] of encodings.entries()) {
    const chunk = new XorChunk();
    for (let k = 0; k < 10; k++) chunk.append(minTime + 1000 * k, k);
    writer.add(Labels.from({ i: `${n}` }), [
      { minTime, maxTime: minTime + 9000, encoding, data: chunk.bytes(), samples: 10 },
    ]);
  }
  await writer.finish();
  return join(directory, name(i));
}

function equals(label: string, value: string): Matcher {
  return { name: label, operator: "=", value, matches: (candidate) => candidate === value };
}

it("a chunk of a length that is none is refused", async () => {
  const path = join(await writeBlock(0), "chunks", "000001");
  const bytes = readFileSync(path);
  bytes.fill(0xff, 8, 20);
  bytes.writeUInt32BE(crc32c(bytes, 8, bytes.length - 4), bytes.length - 4);
  writeFileSync(path, bytes);
  const [series] = [...(await open(0)).select(ALL)];
  expect(() => series?.read(new SampleBuffer(), 0, HOUR)).toThrow(
    "000001: chunk at 8: at byte 8: a varint is longer than ten bytes",
  );
});
