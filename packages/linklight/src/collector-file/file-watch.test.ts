import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileWatch } from "./file-watch.ts";

let folder = "";
let path = "";
let watch: FileWatch;
let changes = 0;
const CHANGED = "changed";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "linklight-watch-"));
  path = join(folder, "a.ts");
  writeFileSync(path, "one");
  changes = 0;
  watch = new FileWatch(
    () => {
      changes += 1;
    },
    { intervalMs: 5 },
  );
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

/** Waits for a change, or until there was time for several looks. */
async function change(): Promise<string | undefined> {
  const before = changes;
  for (let i = 0; i < 40 && changes === before; i++) await new Promise((r) => setTimeout(r, 5));
  return changes === before ? undefined : CHANGED;
}

const later = (): number => Date.now() + 1000;

describe("FileWatch", () => {
  it.each([
    ["written", () => writeFileSync(path, "two!")],
    ["removed", () => rmSync(path)],
    [
      "replaced by another with the same time and length",
      () => {
        writeFileSync(join(folder, "new"), "two");
        utimesSync(join(folder, "new"), 1, 1);
        renameSync(join(folder, "new"), path);
      },
    ],
  ])("tells that a file was %s", async (_, act) => {
    utimesSync(path, 1, 1);
    watch.watch([path], { readAt: later() });
    act();
    expect(await change()).toBe(CHANGED);
  });

  it("tells that a file was made", async () => {
    rmSync(path);
    watch.watch([path], { readAt: later() });
    writeFileSync(path, "one");
    expect(await change()).toBe(CHANGED);
  });

  it("tells of a file that was written after reading had begun", async () => {
    watch.watch([path], { readAt: Date.now() - 60_000 });
    expect(await change()).toBe(CHANGED);
  });

  it("tells of a new file in the folder only when it is asked to", async () => {
    watch.watch([path], { readAt: later() });
    writeFileSync(join(folder, "b.ts"), "");
    expect(await change()).toBe(undefined);
    watch.watch([path], { readAt: later(), andFolders: true });
    writeFileSync(join(folder, "c.ts"), "");
    expect(await change()).toBe(CHANGED);
  });

  it("tells no more until it is told what to watch, and nothing when closed", async () => {
    watch.watch([path], { readAt: later() });
    writeFileSync(path, "two!");
    expect(await change()).toBe(CHANGED);
    writeFileSync(path, "three");
    expect(await change()).toBe(undefined);
    watch.watch([path], { readAt: later() });
    watch.close();
    writeFileSync(path, "four");
    expect(await change()).toBe(undefined);
  });
});
