import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { temporaryFolder } from "../harness/temporary-folder.ts";

/** A disk of its own that is soon full. */
export interface SmallDisk {
  /** Its root. */
  readonly path: string;
  /** Takes this many bytes of its room, all that is left when there are fewer. */
  readonly occupy: (bytes: number) => void;
  /** Gives that room back. */
  readonly vacate: () => void;
  readonly remove: () => Promise<void>;
}

/**
 * A tmpfs in a mount namespace of its own, which a process holds and which is reached through that process; needs
 * util-linux, and root or user namespaces. Gives a text with the reason where this cannot be had.
 */
export async function makeSmallDisk(bytes: number): Promise<SmallDisk | string> {
  const folder = temporaryFolder("disk");
  const own = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const script = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && echo ready && exec cat';
  const holder = spawn(
    "unshare",
    [...own, "--mount", "sh", "-c", script, "sh", String(bytes), folder.path],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  let said = "";
  holder.stderr.on("data", (text: Buffer) => {
    said += text.toString();
  });
  const ended = once(holder, "close").catch((error: Error) => {
    said += error.message;
  });
  const ready = once(holder.stdout, "data").then(() => true);
  if ((await Promise.race([ready, ended.then(() => false)])) !== true) {
    folder.remove();
    return `no small disk: ${said.trim()}`;
  }
  const path = `/proc/${holder.pid}/root${folder.path}`;
  const ballast = join(path, "ballast");
  return {
    path,
    occupy: (size) => {
      try {
        writeFileSync(ballast, new Uint8Array(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    vacate: () => rmSync(ballast, { force: true }),
    remove: async () => {
      holder.stdin.end();
      await ended;
      folder.remove();
    },
  };
}
