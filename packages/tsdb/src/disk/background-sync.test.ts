import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackgroundSync } from "./background-sync.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-sync-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("a sync in the background", () => {
  it("closes a file when it is on the disk, and not before", async () => {
    const sync = new BackgroundSync();
    const descriptor = openSync(join(directory, "a"), "w");
    sync.file(descriptor);
    expect(fstatSync(descriptor).isFile()).toBe(true);
    await sync.finish();
    expect(() => fstatSync(descriptor)).toThrow("EBADF");
  });

  it("can be waited for at once, while it is underway", async () => {
    const sync = new BackgroundSync();
    const descriptor = openSync(join(directory, "a"), "w");
    sync.file(descriptor);
    sync.directory(directory);
    sync.finishNow();
    expect(fstatSync(descriptor).isFile()).toBe(true);
    await sync.finish();
    expect(() => sync.check()).not.toThrow();
  });

  it("tells of an error whoever asks next, once", async () => {
    const sync = new BackgroundSync();
    sync.directory(join(directory, "nowhere"));
    await expect(sync.finish()).rejects.toThrow("ENOENT");
    expect(() => sync.check()).not.toThrow();
    sync.directory(join(directory, "nowhere"));
    expect(() => sync.finishNow()).toThrow("ENOENT");
  });

  it("tells of an error also where the file cannot be closed, and leaves no promise that fails alone", async () => {
    const sync = new BackgroundSync();
    const descriptor = openSync(join(directory, "a"), "w");
    closeSync(descriptor);
    sync.file(descriptor);
    await expect(sync.finish()).rejects.toThrow("EBADF: bad file descriptor, fsync");
    await expect(sync.finish()).resolves.toBeUndefined();
  });
});
