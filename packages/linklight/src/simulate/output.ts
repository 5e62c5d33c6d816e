import { randomBytes } from "node:crypto";
import { unlinkSync } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import type { Writable } from "node:stream";
import { CommandFailure } from "../failure.ts";

/** Where a long result is written to, block by block. */
export interface Output {
  /** Resolves when the bytes may be overwritten. Rejects with what the user must know. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the result appear, complete. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** Thrown by {@link Output.write} when nobody reads any more, which is no error: `linklight … | head`. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/**
 * Opens a file for writing, or what has that name already: a device or a pipe is written to as it is. A
 * file is written under another name beside it and appears under its own when it is finished, so that
 * nobody ever sees half of it. Rejects when it cannot be written there.
 */
export async function openOutput(path: string): Promise<Output> {
  const kind = await kindOf(path);
  if (kind === "folder") {
    throw new CommandFailure(`cannot write ${path}: it is a folder; name a file in it`);
  }
  try {
    if (kind === "device") return new DeviceOutput(path, await open(path, "w"));
    // Through a link to the file that it stands for; the link stays.
    const target = kind === "file" ? await realpath(path) : path;
    const partial = `${target}.tmp-${process.pid}-${randomBytes(3).toString("hex")}`;
    return new FileOutput(path, target, partial, await open(partial, "wx"));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | "device" | "nothing"> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return "folder";
    return found.isFile() ? "file" : "device";
  } catch (error) {
    // A folder above it that is missing, or may not be entered, is said when it is opened.
    if (error instanceof Error) return "nothing";
    throw error;
  }
}

class DeviceOutput implements Output {
  readonly path: string;
  protected readonly handle: FileHandle;
  #written = 0;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      // A full disk may take a part.
      for (let at = 0; at < bytes.length; ) {
        at += (await this.handle.write(bytes, at)).bytesWritten;
      }
      this.#written += bytes.length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EPIPE") throw new ReaderGone();
      throw cannotWrite(this.path, error, this.#written);
    }
  }

  async finish(): Promise<void> {
    await this.handle.close();
  }

  async abandon(): Promise<void> {
    await this.handle.close();
  }
}

class FileOutput extends DeviceOutput {
  readonly #target: string;
  readonly #partial: string;
  /** For whatever ends the process at once, such as a second signal. */
  readonly #atExit = (): void => {
    try {
      unlinkSync(this.#partial);
    } catch {
      // It may have been removed already; nobody could be told anyway.
    }
  };

  constructor(path: string, target: string, partial: string, handle: FileHandle) {
    super(path, handle);
    this.#target = target;
    this.#partial = partial;
    process.once("exit", this.#atExit);
  }

  override async finish(): Promise<void> {
    try {
      // On the disk before the name is: a crash must not leave a name for bytes that are lost.
      await this.handle.sync();
      await this.handle.close();
      await rename(this.#partial, this.#target);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    process.off("exit", this.#atExit);
    await syncFolder(dirname(this.#target));
  }

  override async abandon(): Promise<void> {
    await this.handle.close();
    await rm(this.#partial, { force: true });
    process.off("exit", this.#atExit);
  }
}

/** Makes a new name last; not every file system can, and the file is complete without it. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // As said.
  }
}

/** Writes to a stream such as standard output, which stays open. */
export function streamOutput(stream: Writable): Output {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          if (error === null || error === undefined) resolve();
          else if (isReaderGone(error)) reject(new ReaderGone());
          else reject(cannotWrite("to standard output", error));
        });
      }),
    finish: async () => undefined,
    abandon: async () => undefined,
  };
}

function isReaderGone(error: Error): boolean {
  const { code = "" } = error as NodeJS.ErrnoException;
  return ["EPIPE", "ERR_STREAM_DESTROYED", "ECONNRESET"].includes(code);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of disk space is used up",
  EFBIG: "the file may not become that large (ulimit -f, or a limit of the file system)",
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of the path is no folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

function cannotWrite(path: string, error: unknown, written = 0): CommandFailure {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const after = written > 0 ? ` after ${(written / 1e6).toFixed(1)} MB, which are removed` : "";
  return new CommandFailure(
    `cannot write ${path}: ${REASONS[code] ?? message}${after}`,
    undefined,
    {
      cause: error,
    },
  );
}
