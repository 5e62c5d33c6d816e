import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { linklight, SLOW } from "./linklight.ts";

const folder = temporaryFolder("test-promql");
afterAll(() => folder.remove());

const GOOD = 'load 1m\n  rx{port="1"} 1 2 3\n\neval instant at 1m rx * 2\n  {port="1"} 4\n';
const BAD = 'load 1m\n  rx{port="1"} 1 2 3\n\neval instant at 1m rx\n  rx{port="1"} 5\n';

beforeAll(() => {
  const files = {
    "good.test": GOOD,
    "bad.test": BAD,
    "torn.test": "load often\n",
    "deep/er/good.test": GOOD,
    "deep/notes.txt": "no script",
    "empty/notes.txt": "no script",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  }
});

const test = (...args: string[]) =>
  linklight(["test", "promql", ...args], { cwd: folder.path, stdin: GOOD });

describe("linklight test promql", SLOW, () => {
  it("counts what passed, and ends with 0", async () => {
    expect(await test("good.test")).toEqual({
      code: 0,
      stdout: "1 passed, 0 failed\n",
      stderr: "",
    });
  });

  it("prints each failing command with file and line, and ends with 1", async () => {
    expect(await test("bad.test", "torn.test", "good.test")).toEqual({
      code: 1,
      stdout: `bad.test:4: eval instant at 1m rx
  the result differs:
                  expected  got
    rx{port="1"}  5         2
torn.test:1:6: load often
  expected the time from one value to the next, such as 5m, got "often"
1 passed, 2 failed
`,
      stderr: "",
    });
  });

  it.each([
    [["."], "bad.test:4: ", "2 passed, 2 failed\n"],
    [["deep"], "", "1 passed, 0 failed\n"],
    [["deep/", join("deep", "er", "good.test")], "", "1 passed, 0 failed\n"],
    [["g*d.test"], "", "1 passed, 0 failed\n"],
    [["**/good.test"], "", "2 passed, 0 failed\n"],
    [["deep/**/?ood.test"], "", "1 passed, 0 failed\n"],
    [["-"], "", "1 passed, 0 failed\n"],
  ])("finds the scripts that %j names", async (args, first, last) => {
    const { stdout, stderr } = await test(...args);
    expect(stderr).toBe("");
    expect([stdout.startsWith(first), stdout.endsWith(last)]).toEqual([true, true]);
  });

  it("says in a line each what cannot be read, goes on, and ends with 1", async () => {
    const args = ["nowhere.test", "empty", "no*.test", "good.test"];
    expect(await test(...args)).toEqual({
      code: 1,
      stdout: "1 passed, 0 failed\n",
      stderr: `error: cannot read nowhere.test: there is no such file or folder
error: cannot read empty: there is no *.test file in the folder
error: cannot read no*.test: no file matches the pattern
`,
    });
  });

  it("ends with 2 without a file", async () => {
    const { code, stderr } = await test();
    expect([code, stderr]).toEqual([2, "error: missing required argument 'file'\n"]);
  });
});
