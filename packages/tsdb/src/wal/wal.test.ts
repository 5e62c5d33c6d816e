import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PAGE_BYTES } from "./wal-format.ts";
import { readWal, WalCorruptionError } from "./wal-reader.ts";
import { WalWriter } from "./wal-writer.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-wal-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("a write-ahead log", () => {
  it.each(["none", "snappy"] as const)(
    "gives back every record, compressed with %s",
    async (compression) => {
      const record = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 2 * PAGE_BYTES, max: 3 * PAGE_BYTES }).map(noise),
        fc.integer({ min: 0, max: 70_000 }).map((length) => new Uint8Array(length).fill(7)),
      );
      const batchesOfRecords = fc.array(fc.array(record, { maxLength: 4 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(batchesOfRecords, async (batches) => {
          rmSync(directory, { recursive: true });
          const writer = new WalWriter(directory, { compression, segmentBytes: 4 * PAGE_BYTES });
          for (const batch of batches) writer.log(batch);
          const expected = batches.flat().map(sum);
          expect(read()).toEqual(expected);
          await writer.close();
          expect(read()).toEqual(expected);
        }),
        { seed: 42, numRuns: 12 },
      );
    },
  );

  it("begins a segment of its own each time it is opened", async () => {
    for (const text of ["one", "two"]) {
      const writer = new WalWriter(directory);
      writer.log([Buffer.from(text)]);
      await writer.close();
    }
    expect(readdirSync(directory)).toEqual(["00000000", "00000001"]);
    expect(read()).toEqual([sum(Buffer.from("one")), sum(Buffer.from("two"))]);
  });

  it("fills a page to its last byte, and one with room for a header only", async () => {
    for (const left of [0, 1, 6, 7, 8]) {
      rmSync(directory, { recursive: true });
      const writer = new WalWriter(directory, { compression: "none" });
      const first = Buffer.alloc(PAGE_BYTES - 7 - left, 1);
      writer.log([first, Buffer.alloc(100, 2)]);
      await writer.close();
      expect(read()).toEqual([sum(first), sum(Buffer.alloc(100, 2))]);
    }
  });

  it("gives every record before a torn tail, and says where the tail is", async () => {
    const path = join(directory, "00000000");
    const records = [Buffer.from("first"), Buffer.from("second"), Buffer.alloc(PAGE_BYTES, 3)];
    const writer = new WalWriter(directory, { compression: "none" });
    const ends = records.map((record) => {
      writer.log([record]);
      return readFileSync(path).length;
    });
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += length < 64 ? 1 : 997) {
      writeFileSync(path, whole.subarray(0, length));
      const intact = ends.filter((end) => end <= length).length;
      const { records: found, error } = readUntilError();
      expect(found).toEqual(records.slice(0, intact).map(sum));
      const atEnd = length === 0 || ends.includes(length);
      expect(error === undefined).toBe(atEnd);
      if (error !== undefined) expect(error.offset).toBe(ends[intact - 1] ?? 0);
    }
    await writer.close();
  });

  it("never gives a record of which a bit was flipped", async () => {
    const path = join(directory, "00000000");
    const records = Array.from({ length: 6 }, (_, i) => Buffer.alloc(20, i + 1));
    const writer = new WalWriter(directory, { compression: "none" });
    writer.log(records);
    await writer.close();
    const whole = readFileSync(path);
    for (let i = 0; i < 6 * 27 + 10; i++) {
      const damaged = Buffer.from(whole);
      damaged[i] = (damaged[i] as number) ^ (1 << (i % 8));
      writeFileSync(path, damaged);
      const { records: found, error } = readUntilError();
      expect(error).toBeInstanceOf(WalCorruptionError);
      expect(found).toEqual(records.slice(0, found.length).map(sum));
    }
  });

  it("notices that a segment is missing", async () => {
    const writer = new WalWriter(directory);
    writer.cut();
    writer.cut();
    await writer.close();
    rmSync(join(directory, "00000001"));
    expect(() => [...readWal(directory)]).toThrow("segment 1 is missing before it");
  });

  it("gives a record that is larger than a segment one of its own, as Prometheus does", async () => {
    const writer = new WalWriter(directory, { compression: "none", segmentBytes: PAGE_BYTES });
    const records = [Buffer.from("a"), noise(3 * PAGE_BYTES), noise(PAGE_BYTES), Buffer.from("b")];
    for (const record of records) writer.log([record]);
    await writer.close();
    expect(read()).toEqual(records.map(sum));
    expect(readdirSync(directory)).toHaveLength(4);
  });

  it.each([
    ["a page between records", 2, PAGE_BYTES, 2 * PAGE_BYTES],
    ["the end of a page between records", 2, PAGE_BYTES + 5000 + 7, 2 * PAGE_BYTES],
    ["a page within a record", 1, PAGE_BYTES, 2 * PAGE_BYTES],
  ])("says so when %s is zeros, as a power cut may leave it", async (_, count, from, to) => {
    const writer = new WalWriter(directory, { compression: "none" });
    // Records that end with their page, and one that fills three.
    const lengths =
      count === 1 ? [3 * PAGE_BYTES - 21] : [PAGE_BYTES - 7, 5000, PAGE_BYTES - 5014, 4000];
    writer.log(lengths.map(noise));
    await writer.close();
    const path = join(directory, "00000000");
    const bytes = readFileSync(path);
    bytes.fill(0, from, to);
    writeFileSync(path, bytes);
    expect(() => read()).toThrow(/zeros in place of a record/);
  });

  it.each([
    ["begins within another", [2, 1], "a record begins within another"],
    ["begins twice", [2, 2], "a record begins within another"],
    ["has no beginning", [4], "a record has no beginning"],
    ["has no end", [2, 3], "the log ends in the middle of a record"],
    ["has a type that is none", [5], "unknown type 5 of a record"],
  ])("says so when a record %s", (_, types, reason) => {
    // Of no bytes, whose checksum is 0.
    const bytes = types.flatMap((type) => [type, 0, 0, 0, 0, 0, 0]);
    writeFileSync(join(directory, "00000000"), Uint8Array.from(bytes));
    expect(read).toThrow(reason);
  });

  it("takes nothing for a record that is only zeros", async () => {
    await new WalWriter(directory).close();
    appendFileSync(join(directory, "00000000"), Buffer.alloc(100));
    expect(read()).toEqual([]);
  });
});

/** Bytes that do not compress. */
function noise(length: number): Uint8Array {
  let state = length;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Short enough to print when two differ. */
function sum(data: Uint8Array): string {
  return `${data.length}:${Buffer.from(data).subarray(0, 8).toString("hex")}:${data.reduce((a, b) => (a * 31 + b) >>> 0, 0)}`;
}

function read(): string[] {
  const records: string[] = [];
  for (const { data } of readWal(directory)) records.push(sum(data));
  return records;
}

function readUntilError(): { records: string[]; error: WalCorruptionError | undefined } {
  const records: string[] = [];
  try {
    for (const { data } of readWal(directory)) records.push(sum(data));
    return { records, error: undefined };
  } catch (error) {
    return { records, error: error as WalCorruptionError };
  }
}
