import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels, type Matcher } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PageCache } from "../disk/page-cache.ts";
import { crc32c } from "../encoding/crc32c.ts";
import { Pause } from "../turns/pause.ts";
import { runAtOnce } from "../turns/steps.ts";
import { TOC_BYTES } from "./index-format.ts";
import { IndexReader } from "./index-reader.ts";
import { IndexWriter } from "./index-writer.ts";
import { selectPostings } from "./select-postings.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-index-"));
  path = join(directory, "index");
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Damage whose checksums are right: written by a program that is wrong, not by a disk that is. */
describe("an index that says what cannot be", () => {
  it.each([
    ["more symbols than bytes", "symbols", (at: DataView) => at.setUint32(4, 0x7fffffff)],
    ["an entry of three strings", "table", (at: DataView) => at.setUint8(8, 3)],
    // The entry of all series becomes one of a name that is a null byte.
    ["no list of all series", "table", (at: DataView) => at.setUint8(9, 1)],
    ["more postings than bytes", "postings", (at: DataView) => at.setUint32(4, 99)],
    ["postings without their number", "postings", (at: DataView) => at.setUint32(0, 0)],
    ["a symbol beyond the last", "series", (at: DataView) => at.setUint8(2, 99)],
  ] as const)("is refused: %s", async (what, section, damage) => {
    await writeIndex(3);
    spoil(section, damage);
    const expected = {
      "more symbols than bytes": "2147483647 symbols in ",
      "an entry of three strings": "postings offset table: 3 strings in an entry, expected 2",
      "no list of all series": "index: at byte ",
      "more postings than bytes": "99 entries in 16 bytes",
      "postings without their number": "0 entries in 0 bytes",
      "a symbol beyond the last": "index: symbol 99 of 6",
    }[what];
    expect(() => {
      const index = runAtOnce(IndexReader.load(path, new PageCache()));
      try {
        for (const ref of index.allPostings()) index.series(ref);
      } finally {
        index.close();
      }
    }).toThrow(expected);
  });
});

describe("an index", () => {
  it("gives every symbol, also when there are more than are kept in memory", async () => {
    await writeIndex(70_000);
    const index = runAtOnce(IndexReader.load(path, new PageCache()));
    const refs = index.allPostings();
    for (const _ of [1, 2])
      for (const i of [0, 40_000, 69_999])
        expect(`${index.series(refs[i] as number).labels}`).toBe(`{port="${name(i)}"}`);
    expect([...index.symbols()]).toHaveLength(70_002);
    expect(index.series(refs[0] as number).labels.get("port")).toBe(name(0));
    index.close();
  });

  it.each<[string, Partial<Matcher>, readonly string[]]>([
    ["a list of values, some of which are not there", { literals: [name(1), "absent"] }, [name(1)]],
    ["a single value", { literals: [name(2)] }, [name(2)]],
    ["a beginning", { prefix: "p00000" }, Array.from({ length: 10 }, (_, i) => name(i))],
    ["a beginning that no value has", { prefix: "q" }, []],
  ])("finds the series of a pattern that is %s", async (_, hints, expected) => {
    await writeIndex(20);
    const index = runAtOnce(IndexReader.load(path, new PageCache()));
    const found = selectPostings(index, [
      {
        name: "port",
        operator: "=~",
        value: "",
        matches: (value) => expected.includes(value),
        ...hints,
      },
    ]);
    expect(Array.from(found, (ref) => index.series(ref).labels.get("port"))).toEqual(expected);
    expect(index.labelValues("absent")).toEqual([]);
    expect(index.postings("absent", "x").length).toBe(0);
    index.close();
  });
});

/** Series of one label each, with three chunks of a second. */
async function writeIndex(count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => name(i));
  const writer = new IndexWriter(path, new Pause());
  await writer.begin(["port", "", ...names, ...(count === 3 ? ["spare"] : [])]);
  for (const port of names)
    writer.addSeries(
      Labels.from({ port }),
      [0, 1000, 2000].map((minTime, i) => ({ minTime, maxTime: minTime + 999, ref: 8 + i })),
    );
  await writer.finish();
}

function name(i: number): string {
  return `p${String(i).padStart(6, "0")}`;
}

/** Changes a section and sums it anew. */
function spoil(
  section: "symbols" | "series" | "postings" | "table",
  damage: (at: DataView) => void,
): void {
  const bytes = readFileSync(path);
  const contents = bytes.subarray(bytes.length - TOC_BYTES);
  const word = { symbols: 0, series: 1, postings: 4, table: 5 }[section];
  let start = Number(contents.readBigUInt64BE(8 * word));
  if (section === "series") {
    // The first series lies at the next multiple of 16; its length takes one byte.
    start = 16 * Math.ceil(start / 16);
    damage(new DataView(bytes.buffer, bytes.byteOffset + start));
    const end = start + 1 + (bytes[start] as number);
    bytes.writeUInt32BE(crc32c(bytes, start + 1, end), end);
  } else {
    damage(new DataView(bytes.buffer, bytes.byteOffset + start));
    const end = start + 4 + bytes.readUInt32BE(start);
    bytes.writeUInt32BE(crc32c(bytes, start + 4, end), end);
  }
  writeFileSync(path, bytes);
}
