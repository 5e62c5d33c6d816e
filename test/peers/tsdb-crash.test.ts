import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findPeer, type PrometheusRole } from "../harness/peer.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { anyMoment, checkCommits, runWriter, seededRandom } from "../tsdb/crash.ts";
import { makeSmallDisk } from "../tsdb/small-disk.ts";
import { dumpDirectory } from "./tsdb-dump.ts";

const ROLES: readonly PrometheusRole[] = ["prometheus-2", "prometheus-3"];
const missing = ROLES.some((role) => findPeer(role) === undefined);
const SEED = 100;
const KILLS = 85;
const KILLS_WHEN_FULL = 15;
const SLOW = { timeout: 400_000 };

describe.skipIf(missing)("a writer that is killed a hundred times", () => {
  it("loses nothing acknowledged, and promtool reads on", SLOW, async () => {
    const folder = temporaryFolder("crash");
    const directory = join(folder.path, "data");
    const random = seededRandom(SEED);
    const states = new Set<string>();
    let last = -1;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const run = await runWriter(directory, last + 1, anyMoment(random));
        last = run.last ?? last;
        states.add(run.lines.findLast((line) => /^compact/.test(line)) ?? "");
        await checkBoth(directory, last, kill);
      }
      // It was hit within compactions and outside of them.
      expect(states).toEqual(new Set(["", "compacting", "compacted"]));
    } finally {
      folder.remove();
    }
  });

  it("loses nothing acknowledged on a full disk either", SLOW, async (context) => {
    const disk = await makeSmallDisk(4 * 1024 * 1024);
    if (typeof disk === "string") return context.skip(disk);
    const directory = join(disk.path, "data");
    mkdirSync(directory);
    const random = seededRandom(SEED);
    let last = -1;
    try {
      for (let kill = 0; kill < KILLS_WHEN_FULL; kill++) {
        const run = await runWriter(directory, last + 1, async (lines) => {
          await lines.next("committed");
          disk.occupy(4 * 1024 * 1024);
          expect(await lines.next("stopped")).toBe("stopped LINKLIGHT_TSDB_DISK_FULL");
          if (random() < 0.5) return;
          disk.vacate();
          await anyMoment(random)(lines);
        });
        last = run.last ?? last;
        disk.vacate();
        await checkBoth(directory, last, kill);
      }
    } finally {
      await disk.remove();
    }
  });
});

async function checkBoth(directory: string, last: number, kill: number): Promise<void> {
  const count = await checkCommits(directory, last);
  const dumped = await dumpDirectory(kill % 2 === 0 ? "prometheus-2" : "prometheus-3", directory);
  expect(dumped.length).toBe(count);
}
