import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DirectoryLockedError, lockDirectory } from "./lock.ts";

const hasFlock = spawnSync("flock", ["--version"]).status === 0;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-lock-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

it.runIf(hasFlock)(
  "a lock that is given back leaves no file, which Prometheus would take for that of a crash",
  async () => {
    const lock = await lockDirectory(directory);
    expect(existsSync(join(directory, "lock"))).toBe(true);
    await lock.release();
    expect(existsSync(join(directory, "lock"))).toBe(false);
  },
);

it("one of many who want a directory at once gets it, one after the other", async () => {
  let holders = 0;
  let most = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, async () => {
      try {
        const lock = await lockDirectory(directory);
        most = Math.max(most, ++holders);
        await new Promise((resolve) => setTimeout(resolve, 30));
        holders--;
        await lock.release();
        return "had it";
      } catch (error) {
        return error instanceof DirectoryLockedError ? "refused" : error;
      }
    }),
  );
  expect(most).toBe(1);
  expect(outcomes).toContain("had it");
  expect(outcomes.filter((one) => one !== "had it" && one !== "refused")).toEqual([]);
});

it.runIf(hasFlock && process.platform === "linux")(
  "a Ctrl-C does not reach who holds it",
  async () => {
    const lock = await lockDirectory(directory);
    const holders = holdersOf(directory);
    expect(holders).toHaveLength(1);
    expect(processGroup(holders[0] ?? "")).not.toBe(processGroup("self"));
    await lock.release();
  },
);

it.runIf(hasFlock && process.platform === "linux")(
  "a lock whose holder somebody ends is taken again, unless another one has it by then",
  async () => {
    const lock = await lockDirectory(directory);
    const path = join(directory, "lock");
    for (let i = 0; i < 3; i++) {
      const [holder] = holdersOf(directory);
      process.kill(Number(holder), "SIGKILL");
      await until(() => lock.isHeld && holdersOf(directory).some((pid) => pid !== holder));
    }
    await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLockedError);
    const other = spawn("flock", [path, "cat"], { stdio: ["pipe", "pipe", "ignore"] });
    try {
      await until(() => /-> .* WRITE /.test(waitingIn(other.pid)));
      let hasIt = false;
      other.stdout.once("data", () => {
        hasIt = true;
      });
      other.stdin.write("\n");
      // Of those who wait for the kernel's lock any may be the first to get it: as often as we are.
      await until(() => {
        for (const pid of holdersOf(directory))
          if (Number(pid) !== other.pid && !hasIt) killed(pid);
        return hasIt;
      });
      await until(() => !lock.isHeld);
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    await lock.release();
  },
);

it("a lock file that cannot be opened is told of in one line", async () => {
  mkdirSync(join(directory, "lock"));
  await expect(lockDirectory(directory)).rejects.toThrow(
    `${directory}/lock: cannot be opened: EISDIR`,
  );
});

/** Ends a process that may have ended. */
function killed(pid: string): void {
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // It has.
  }
}

/** The children of this process that are to lock a directory. */
function holdersOf(place: string): string[] {
  return readdirSync("/proc/self/task")
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "" && commandOf(pid).includes(place));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "it has ended";
  }
}

/** What the kernel says about the locks that a process has or waits for. */
function waitingIn(pid: number | undefined): string {
  const lines = readFileSync("/proc/locks", "utf8").split("\n");
  return lines.filter((line) => line.includes(` ${pid} `)).join("\n");
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function processGroup(pid: string): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[2];
}
