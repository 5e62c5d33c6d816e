import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import { Engine, type Queryable } from "@linklight/promql";
import { Db, DbReader } from "@linklight/tsdb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const MINUTE = 60_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-query-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("a database", () => {
  it("can be asked in PromQL as it is, whether its samples are in the head or in blocks", async () => {
    const db = await Db.open(directory, { autoCompaction: false });
    for (let minute = 0; minute < 5 * 60; minute++) {
      const appender = db.appender();
      for (const port of ["1", "2"])
        appender.append({ __name__: "rx_bytes_total", port }, minute * MINUTE, minute * 60);
      appender.commit();
    }
    await db.compact();
    expect(db.blocks.length).toBe(1);
    expect(await ratesOf(db)).toEqual([2, 2, 2, 2]);
    await db.close();
    const reader = await DbReader.open(directory);
    expect(await ratesOf(reader)).toEqual([2, 2, 2, 2]);
    reader.close();
  });
});

/** The sum of the rates of both ports, each hour: over the border between block and head too. */
async function ratesOf(queryable: Queryable): Promise<number[]> {
  const { value } = await new Engine().range(queryable, {
    query: "sum(rate(rx_bytes_total[10m]))",
    startMs: 60 * MINUTE,
    endMs: 4 * 60 * MINUTE,
    stepMs: 60 * MINUTE,
  });
  const [series] = value.type === "matrix" ? value.series : [];
  expect(series?.labels).toEqual(Labels.EMPTY);
  return [...(series?.values ?? [])];
}
