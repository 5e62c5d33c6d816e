import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Db } from "./db.ts";
import { DbReader } from "./db-reader.ts";
import { contents, fill, HOUR } from "./testing.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-reader-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

it("a reader sees everything of a directory whose owner moves samples from block to block meanwhile", async () => {
  const db = await Db.open(directory, { autoCompaction: false });
  fill(db, 0, 7 * HOUR);
  await db.compact();
  const expected = await contents(db);
  const last = db.blocks.at(-1)?.directory ?? "";
  await db.close();
  const opening = DbReader.open(directory);
  // It has seen which blocks there are, and waits for the first one: now another one holds what was in the last.
  renameSync(last, join(directory, "01JD000000000000000000000A"));
  const reader = await opening;
  expect(reader.blocksSetAside).toEqual([]);
  expect(await contents(reader)).toEqual(expected);
  reader.close();
});
