import { type ChildProcessByStdio, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { DirectoryError } from "./directory.ts";

/** Somebody else has the directory open. */
export class DirectoryLockedError extends Error {
  override readonly name = "DirectoryLockedError";
  readonly code = "LINKLIGHT_TSDB_LOCKED";

  constructor(directory: string, who: string) {
    super(
      `${directory}: locked by ${who}: stop the other Prometheus or linklight on this directory, or choose another one`,
    );
  }
}

/** A held lock. */
export interface DirectoryLock {
  /** `flock`: the kernel's, which a real Prometheus respects too. `pid`: a file, respected by linklight only. */
  readonly method: "flock" | "pid";
  /** Whether it is ours: somebody may end the process that holds it for us, and somebody else may have it then. */
  readonly isHeld: boolean;
  release(): Promise<void>;
}

type LockHolder = ChildProcessByStdio<Writable, Readable, null>;

/** What flock(1) is told to end with when somebody has the lock. */
const TAKEN = 75;
/** The lock of a process that was killed goes a moment after it. */
const PATIENCE_SECONDS = "0.5";

/**
 * Locks `DIR/lock` as Prometheus does, until `release`, or until this process ends, however it ends. Throws
 * DirectoryLockedError when somebody has it.
 *
 * Node.js cannot call flock(2) itself. So `flock DIR/lock cat` does: the child holds the lock as long as its standard
 * input is open, which the kernel closes with us. Where there is no flock(1) the number of this process in
 * `DIR/lock.pid` must do.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  return (await lockWithFlock(directory)) ?? lockWithPidFile(directory);
}

async function lockWithFlock(directory: string): Promise<DirectoryLock | undefined> {
  const path = join(directory, "lock");
  for (;;) {
    const isNew = !existsSync(path);
    const file = openLockFile(path);
    try {
      const child = await runFlock(directory, path);
      if (child === undefined) {
        if (isNew) rmSync(path, { force: true });
        return undefined;
      }
      // Whoever had the lock before may have removed the file that was waited for: then it is nobody's.
      const { ino } = fstatSync(file);
      if (inodeOf(path) === ino) return new HeldLock(directory, path, ino, child);
      child.stdin.end();
    } finally {
      closeSync(file);
    }
  }
}

function openLockFile(path: string): number {
  try {
    return openSync(path, "a");
  } catch (cause) {
    throw new DirectoryError(
      "LINKLIGHT_TSDB_DIRECTORY",
      `${path}: cannot be opened: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Gives the process that holds the lock; nothing where there is no flock(1), or none that knows these options. */
function runFlock(directory: string, path: string): Promise<LockHolder | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      "flock",
      ["--wait", PATIENCE_SECONDS, "--conflict-exit-code", String(TAKEN), path, "cat"],
      {
        stdio: ["pipe", "pipe", "ignore"],
        // Not in our process group: a Ctrl-C that asks us to end must not take the lock away before we have.
        detached: true,
      },
    );
    child.once("error", () => resolve(undefined));
    child.once("exit", (code) => {
      if (code === TAKEN) reject(new DirectoryLockedError(directory, "another process"));
      else resolve(undefined);
    });
    // cat answers only when flock has let it begin.
    child.stdout.once("data", () => resolve(child));
    child.stdin.on("error", () => {});
    child.stdin.write("\n");
  });
}

/** The kernel's lock, as long as the child lives; another child takes it again when somebody ends that one. */
class HeldLock implements DirectoryLock {
  readonly method = "flock";
  readonly #directory: string;
  readonly #path: string;
  /** Of the lock file. Who gives the lock back removes that, so with another one somebody has had the directory. */
  readonly #inode: number;
  #child: LockHolder;
  #isHeld = true;
  #isReleased = false;

  constructor(directory: string, path: string, inode: number, child: LockHolder) {
    this.#directory = directory;
    this.#path = path;
    this.#inode = inode;
    this.#child = child;
    this.#watch(child);
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  release(): Promise<void> {
    this.#isReleased = true;
    // As Prometheus does it, which takes one that is there for that of a crash.
    if (this.#isHeld) rmSync(this.#path, { force: true });
    return new Promise((resolve) => {
      const child = this.#child;
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.ref();
      child.stdin.end();
    });
  }

  #watch(child: LockHolder): void {
    child.once("exit", () => void this.#takeAgain());
    // The lock does not keep the process alive.
    child.unref();
    for (const stream of [child.stdin, child.stdout])
      (stream as unknown as { unref?: () => void }).unref?.();
  }

  async #takeAgain(): Promise<void> {
    this.#isHeld = false;
    if (this.#isReleased) return;
    const child = await runFlock(this.#directory, this.#path).catch(() => undefined);
    if (child === undefined) return;
    if (this.#isReleased || inodeOf(this.#path) !== this.#inode) {
      child.stdin.end();
      return;
    }
    this.#child = child;
    this.#isHeld = true;
    this.#watch(child);
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** The pid files that this process holds. */
const heldHere = new Set<string>();

function lockWithPidFile(directory: string): DirectoryLock {
  const path = resolve(directory, "lock.pid");
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    for (;;) {
      if (linked(own, path)) return heldPidFile(path);
      const holder = holderOf(path);
      if (holder === undefined) continue;
      // In a container a process may have the number that the one before it had.
      const isOlder = holder === process.pid && !heldHere.has(path);
      if (isAlive(holder) && !isOlder)
        throw new DirectoryLockedError(directory, `process ${holder}`);
      // Left by a process that was killed.
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A link to a complete file: nobody finds it empty. False when there is one. */
function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** The process that a pid file names; undefined when the file has gone meanwhile. */
function holderOf(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

function heldPidFile(path: string): DirectoryLock {
  heldHere.add(path);
  return {
    method: "pid",
    isHeld: true,
    release: async () => {
      // Once: the next holder may have it by then.
      if (heldHere.delete(path)) rmSync(path, { force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
