import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Db } from "@linklight/tsdb";
import { expect, it } from "vitest";
import { temporaryFolder } from "../harness/temporary-folder.ts";
// biome-ignore lint/correctness/useImportExtensions: it finds the declarations, Node the module.
import { OPTIONS } from "./batch.mjs";
import { anyMoment, checkCommits, type LineReader, runWriter, seededRandom } from "./crash.ts";
import { makeSmallDisk } from "./small-disk.ts";

/** The peer tests kill a hundred times, and let promtool look. */
const KILLS = 6;
const SLOW = { timeout: 120_000 };

it("a killed writer's directory has everything that was acknowledged", SLOW, async () => {
  const folder = temporaryFolder("crash");
  try {
    const random = seededRandom(6);
    let last = -1;
    for (let kill = 0; kill < KILLS; kill++) {
      const run = await runWriter(folder.path, last + 1, anyMoment(random));
      last = run.last ?? last;
      await checkCommits(folder.path, last);
    }
    const db = await Db.open(folder.path, OPTIONS);
    await db.compact();
    await db.close();
    await checkCommits(folder.path, last);
  } finally {
    folder.remove();
  }
});

it("a full disk stops commits by name, and they go on by themselves", SLOW, async (context) => {
  const disk = await makeSmallDisk(2 * 1024 * 1024);
  if (typeof disk === "string") return context.skip(disk);
  const directory = join(disk.path, "data");
  mkdirSync(directory);
  let last = -1;
  try {
    for (const size of [1_900_000, 1_800_000]) {
      const run = await runWriter(directory, last + 1, async (lines: LineReader) => {
        await lines.next("committed");
        disk.occupy(size);
        expect(await lines.next("stopped")).toBe("stopped LINKLIGHT_TSDB_DISK_FULL");
        disk.vacate();
        for (let commits = 0; commits < 20; commits++) await lines.next("committed");
        await lines.next("compacted");
      });
      last = run.last ?? last;
      await checkCommits(directory, last);
    }
    // Killed while it is full, and read while it is full.
    const run = await runWriter(directory, last + 1, async (lines) => {
      await lines.next("committed");
      disk.occupy(2_000_000);
      await lines.next("stopped");
    });
    last = run.last ?? last;
    await checkCommits(directory, last);
    disk.vacate();
    const db = await Db.open(directory, OPTIONS);
    await db.compact();
    await db.close();
    await checkCommits(directory, last);
  } finally {
    await disk.remove();
  }
});
