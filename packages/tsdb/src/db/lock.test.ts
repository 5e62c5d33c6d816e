import { spawnSync } from "node:child_process";
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
    const holders = readdirSync("/proc/self/task")
      .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" "))
      .filter(
        (pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory),
      );
    expect(holders).toHaveLength(1);
    expect(processGroup(holders[0] ?? "")).not.toBe(processGroup("self"));
    await lock.release();
  },
);

it("a lock file that cannot be opened is told of in one line", async () => {
  mkdirSync(join(directory, "lock"));
  await expect(lockDirectory(directory)).rejects.toThrow(
    `${directory}/lock: cannot be opened: EISDIR`,
  );
});

function processGroup(pid: string): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[2];
}
