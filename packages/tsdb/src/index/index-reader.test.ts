import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareUtf8, Labels } from "@linklight/model";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PageCache } from "../disk/page-cache.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import { crc32c } from "../encoding/crc32c.ts";
import { Pause } from "../turns/pause.ts";
import { runAtOnce, runInTurns } from "../turns/steps.ts";
import { IndexReader } from "./index-reader.ts";
import { IndexWriter } from "./index-writer.ts";

let directory: string;
let files = 0;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-index-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe("an index", () => {
  it("finds the series of each value, of values in between none, and of many what of each", async () => {
    const value = fc.oneof(
      fc.nat(3000).map((n) => `host-${n}`),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
      fc.nat(9).map((n) => "x".repeat(9000) + n),
    );
    const values = fc.uniqueArray(value, { minLength: 1, maxLength: 150, size: "max" });
    await fc.assert(
      fc.asyncProperty(values, fc.array(value, { maxLength: 20 }), async (some, others) => {
        const wide = some.map((one) => Labels.from({ __name__: "m", id: one }));
        const all = [...wide, Labels.from({ __name__: "n", job: "é" })];
        const { reader, close } = await indexOf(all.sort((a, b) => a.compare(b)));
        const labelsOf = (refs: Iterable<number>): string[] =>
          [...refs].map((ref) => reader.series(ref).labels.get("id"));
        const present = new Set(some);
        // Before all values are read, and after.
        for (let round = 0; round < 2; round++) {
          for (const one of [...some, ...others, "", "host-", "\u{10ffff}"])
            expect(labelsOf(reader.postings("id", one).all())).toEqual(
              present.has(one) ? [one] : [],
            );
          for (const asked of [others, some, [...some.slice(0, 3), ...others]]) {
            const ascending = [...new Set(asked)].sort(compareUtf8);
            const expected = ascending.filter((one) => present.has(one));
            expect(labelsOf(reader.postingsOfValues("id", ascending))).toEqual(expected);
          }
          expect(reader.labelValues("id")).toEqual([...some].sort(compareUtf8));
        }
        expect([
          reader.labelNames(),
          reader.labelValues("job"),
          reader.labelValues("none"),
        ]).toEqual([["__name__", "id", "job"], ["é"], []]);
        expect([...reader.symbols()]).toEqual(symbolsOf(all));
        expect(reader.postings("none", "x").length).toBe(0);
        close();
      }),
      { seed: 42, numRuns: 12 },
    );
  });

  it("looks into long postings as if it had read them", async () => {
    // 40,000 refs take three pages of the cache, of which only two are kept.
    const count = 40_000;
    const labels = Array.from({ length: count }, (_, i) =>
      Labels.from({ a: String(i).padStart(6, "0"), job: "x" }),
    );
    const { reader, close } = await indexOf(labels, 2 * 75_000);
    const list = reader.postings("job", "x");
    const all = list.all();
    const known = new Set(all);
    expect([list.length, all.length, all]).toEqual([count, count, reader.allPostings()]);
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.oneof(
            fc.nat(400_000),
            fc.nat(99_999).map((i) => all[i] as number),
          ),
          {
            maxLength: 60,
          },
        ),
        (some) => {
          const short = Uint32Array.from(some).sort();
          expect([...list.among(short)]).toEqual([...short].filter((ref) => known.has(ref)));
        },
      ),
      { seed: 42, numRuns: 30 },
    );
    close();
  });

  it.each<[string, (bytes: Buffer, at: Sections) => number, RegExp]>([
    [
      "more symbols than bytes",
      (bytes, { symbols }) => bytes.writeUInt32BE(999, symbols + 4) && symbols,
      /999 symbols in \d+ bytes/,
    ],
    [
      "a symbol that goes beyond the others",
      (bytes, { symbols }) => bytes.writeUInt8(0x7f, symbols + 8) && symbols,
      /goes on beyond its end|goes beyond their section/,
    ],
    [
      "an entry of three strings",
      (bytes, { table }) => bytes.writeUInt8(3, table + 8) && table,
      /3 strings in an entry, expected 2/,
    ],
    [
      "no list of all series",
      (bytes, { table }) => {
        // The empty name becomes one of a byte, and the empty value a part of it.
        bytes.writeUInt8(1, table + 9);
        bytes.writeUInt32BE(1, table + 4);
        return table;
      },
      /no list of all series|beyond/,
    ],
    [
      "values of a name apart from each other",
      (bytes, { table }) => {
        const second = bytes.indexOf("\u0002\u0001b\u0001y", table);
        bytes.write("a", second + 2);
        const third = bytes.indexOf("\u0002\u0001c\u0001z", table);
        bytes.write("b", third + 2);
        const first = bytes.indexOf("\u0002\u0001a\u0001x", table);
        bytes.write("b", first + 2);
        return table;
      },
      /the values of "b" are not side by side/,
    ],
    [
      "a section beyond the end of the file",
      (bytes, { table }) => bytes.writeUInt32BE(1_000_000, table) && -1,
      /beyond the end of the file/,
    ],
  ])("refuses %s, though the checksum is right", async (_, damage, message) => {
    const { path, close } = await indexOf([Labels.from({ a: "x", b: "y", c: "z" })]);
    close();
    const bytes = readFileSync(path);
    // The table of contents: 6 offsets and a checksum.
    const start = bytes.length - 52;
    const symbols = Number(bytes.readBigUInt64BE(start));
    const table = Number(bytes.readBigUInt64BE(start + 40));
    const section = damage(bytes, { symbols, table });
    if (section >= 0) {
      const end = section + 4 + bytes.readUInt32BE(section);
      bytes.writeUInt32BE(crc32c(bytes, section + 4, end), end);
    }
    writeFileSync(path, bytes);
    expect(() => runAtOnce(IndexReader.load(path, new PageCache()))).toThrow(CorruptionError);
    expect(() => runAtOnce(IndexReader.load(path, new PageCache()))).toThrow(message);
  });

  it("refuses postings whose number is not that of their bytes", async () => {
    const { path, close } = await indexOf([Labels.from({ a: "x" }), Labels.from({ a: "y" })]);
    close();
    const bytes = readFileSync(path);
    const postings = Number(bytes.readBigUInt64BE(bytes.length - 52 + 32));
    bytes.writeUInt32BE(7, postings + 4);
    bytes.writeUInt32BE(crc32c(bytes, postings + 4, postings + 16), postings + 16);
    writeFileSync(path, bytes);
    const reader = runAtOnce(IndexReader.load(path, new PageCache()));
    expect(() => reader.allPostings()).toThrow(/postings at \d+: 7 entries in 12 bytes/);
    reader.close();
  });
});

interface Sections {
  readonly symbols: number;
  readonly table: number;
}

async function indexOf(
  all: readonly Labels[],
  cacheBytes?: number,
): Promise<{ reader: IndexReader; path: string; close: () => void }> {
  const path = join(directory, `index-${files++}`);
  const writer = new IndexWriter(path, new Pause());
  await writer.begin(symbolsOf(all));
  for (const [i, labels] of all.entries())
    writer.addSeries(labels, [{ minTime: i, maxTime: i, ref: i }]);
  await writer.finish();
  const steps = IndexReader.load(path, new PageCache(cacheBytes));
  const reader = files % 2 === 0 ? runAtOnce(steps) : await runInTurns(steps, new Pause());
  return { reader, path, close: () => reader.close() };
}

function symbolsOf(all: readonly Labels[]): string[] {
  return [...new Set(["", ...all.flatMap((labels) => [...labels].flat())])].sort(compareUtf8);
}
