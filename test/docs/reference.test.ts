import { readdir, readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runProgram } from "../harness/run-program.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

async function sources(): Promise<string[]> {
  const files = await readdir(`${root}packages`, { recursive: true });
  return files
    .filter((file) => /^[^/]+\/src\/.*(?<!\.test)\.ts$/.test(file))
    .map((file) => `${root}packages/${file}`);
}

describe("the reference", () => {
  it("of the command line and of metrics is what the code says", async () => {
    expect(
      await runProgram(process.execPath, ["scripts/reference.mjs", "--check"], { cwd: root }),
    ).toEqual({ code: 0, stdout: "", stderr: "" });
  }, 60_000);

  it("of errors lists every code there is, and no other", async () => {
    const used = new Set<string>();
    for (const file of await sources()) {
      for (const [, code] of (await readFile(file, "utf8")).matchAll(
        // As the value of a class's `code`, or as one of those that its type names.
        /[=|:]\s*"(LINKLIGHT_\w+)"/g,
      ))
        used.add(code as string);
    }
    const page = await readFile(`${root}docs/reference/errors.md`, "utf8");
    const listed = [...page.matchAll(/^\| `(LINKLIGHT_\w+)`/gm)].map(([, code]) => code as string);
    expect(listed.sort()).toEqual([...used].sort());
  });
});
