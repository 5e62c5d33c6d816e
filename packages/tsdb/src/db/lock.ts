import { type ChildProcess, spawn } from "node:child_process";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
  release(): Promise<void>;
}

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

function lockWithFlock(directory: string): Promise<DirectoryLock | undefined> {
  const path = join(directory, "lock");
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
    // No flock(1) on this machine.
    child.once("error", () => resolve(undefined));
    child.once("exit", (code) => {
      if (code === TAKEN) reject(new DirectoryLockedError(directory, "another process"));
      else resolve(undefined);
    });
    // cat answers only when flock has let it begin.
    child.stdout.once("data", () => resolve(held(child, path)));
    child.stdin.on("error", () => {});
    child.stdin.write("\n");
  });
}

function held(child: ChildProcess, path: string): DirectoryLock {
  // The lock does not keep the process alive.
  child.unref();
  for (const stream of [child.stdin, child.stdout])
    (stream as unknown as { unref?: () => void } | null)?.unref?.();
  return {
    method: "flock",
    release: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        child.once("exit", () => resolve());
        child.ref();
        // While it is still held: Prometheus takes a file that is left for a sign of a crash.
        rmSync(path, { force: true });
        child.stdin?.end();
      }),
  };
}

function lockWithPidFile(directory: string): DirectoryLock {
  const path = join(directory, "lock.pid");
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  for (;;) {
    try {
      // A link to a complete file: nobody finds it empty.
      linkSync(own, path);
      rmSync(own);
      return { method: "pid", release: async () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(readFileSync(path, "utf8"));
      if (isAlive(holder)) {
        rmSync(own);
        throw new DirectoryLockedError(directory, `process ${holder}`);
      }
      // Left by a process that was killed.
      rmSync(path, { force: true });
    }
  }
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
