import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOutput, ReaderGone, streamOutput } from "./output.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "linklight-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe("openOutput", () => {
  it("shows a file when it is finished, and not before", async () => {
    const path = join(folder, "a.om");
    const output = await openOutput(path);
    await output.write(bytes("one\n"));
    await output.write(bytes("two\n"));
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^a\.om\.tmp-\d+-[0-9a-f]{6}$/)]);
    await output.finish();
    expect(readdirSync(folder)).toEqual(["a.om"]);
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });

  it("leaves what was there when it is abandoned", async () => {
    const path = join(folder, "a.om");
    writeFileSync(path, "old");
    const output = await openOutput(path);
    await output.write(bytes("new"));
    await output.abandon();
    expect(readdirSync(folder)).toEqual(["a.om"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it("writes to the file that a link stands for", async () => {
    mkdirSync(join(folder, "disk"));
    writeFileSync(join(folder, "disk/a.om"), "old");
    symlinkSync("disk/a.om", join(folder, "a.om"));
    const output = await openOutput(join(folder, "a.om"));
    await output.write(bytes("new"));
    await output.finish();
    expect(readlinkSync(join(folder, "a.om"))).toBe("disk/a.om");
    expect(readFileSync(join(folder, "disk/a.om"), "utf8")).toBe("new");
    expect(readdirSync(join(folder, "disk"))).toEqual(["a.om"]);
  });

  it("writes to a device as it is", async () => {
    const output = await openOutput("/dev/null");
    await output.write(bytes("gone"));
    await output.finish();
    expect(readFileSync("/dev/null", "utf8")).toBe("");
  });

  it("says that the disk is full", async () => {
    const output = await openOutput("/dev/full");
    await expect(output.write(bytes("more"))).rejects.toThrow(
      "cannot write /dev/full: the disk is full",
    );
    await output.abandon();
  });

  it("refuses a folder, and a file in no folder", async () => {
    await expect(openOutput(folder)).rejects.toThrow(
      `cannot write ${folder}: it is a folder; name a file in it`,
    );
    const path = join(folder, "nowhere/a.om");
    await expect(openOutput(path)).rejects.toThrow(`cannot write ${path}: there is no such folder`);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("streamOutput", () => {
  it("waits until the stream has taken the bytes, and leaves it open", async () => {
    const taken: string[] = [];
    const slow = new Writable({
      write(chunk: Buffer, _encoding, done) {
        setImmediate(() => {
          taken.push(chunk.toString());
          done();
        });
      },
    });
    const output = streamOutput(slow);
    await output.write(bytes("one"));
    expect(taken).toEqual(["one"]);
    await output.finish();
    expect(slow.writable).toBe(true);
  });

  it("tells a reader that has gone from a stream that fails", async () => {
    const gone = new PassThrough();
    gone.on("error", () => undefined);
    gone.destroy();
    await expect(streamOutput(gone).write(bytes("one"))).rejects.toThrow(ReaderGone);
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error("broken")) });
    failing.on("error", () => undefined);
    await expect(streamOutput(failing).write(bytes("one"))).rejects.toThrow(
      "cannot write to standard output: broken",
    );
  });
});
