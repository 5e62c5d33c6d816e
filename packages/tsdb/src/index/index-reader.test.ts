import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareUtf8, Labels } from "@linklight/model";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PageCache } from "../disk/page-cache.ts";
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
    const values = fc.uniqueArray(value, { minLength: 1, maxLength: 400, size: "max" });
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
      { seed: 42, numRuns: 25 },
    );
  });

  it("looks into long postings as if it had read them", async () => {
    // 100,000 refs take seven pages of the cache, of which only four are kept.
    const labels = Array.from({ length: 100_000 }, (_, i) =>
      Labels.from({ a: String(i).padStart(6, "0"), job: "x" }),
    );
    const { reader, close } = await indexOf(labels, 4 * 75_000);
    const list = reader.postings("job", "x");
    const all = list.all();
    const known = new Set(all);
    expect([list.length, all.length, all]).toEqual([100_000, 100_000, reader.allPostings()]);
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
});

async function indexOf(
  all: readonly Labels[],
  cacheBytes?: number,
): Promise<{ reader: IndexReader; close: () => void }> {
  const path = join(directory, `index-${files++}`);
  const writer = new IndexWriter(path, new Pause());
  await writer.begin(symbolsOf(all));
  for (const [i, labels] of all.entries())
    writer.addSeries(labels, [{ minTime: i, maxTime: i, ref: i }]);
  await writer.finish();
  const steps = IndexReader.load(path, new PageCache(cacheBytes));
  const reader = files % 2 === 0 ? runAtOnce(steps) : await runInTurns(steps, new Pause());
  return { reader, close: () => reader.close() };
}

function symbolsOf(all: readonly Labels[]): string[] {
  return [...new Set(["", ...all.flatMap((labels) => [...labels].flat())])].sort(compareUtf8);
}
