import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeFailure } from "./command-failure.ts";
import { runScript } from "./run-script.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const shared = join(
  process.env["LINKLIGHT_CONFORMANCE"] ?? join(root, "../shared/conformance"),
  "promql/float",
);

/** Runs a script: how many commands held, and what became of the others. */
async function judge(path: string): Promise<{ passed: number; failures: string[] }> {
  const judged = { passed: 0, failures: [] as string[] };
  for await (const { failure } of runScript(readFileSync(path, "utf8"))) {
    if (failure === undefined) judged.passed++;
    else judged.failures.push(describeFailure(failure, path));
  }
  return judged;
}

function scriptsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".test"))
    .sort();
}

const own = join(root, "conformance/promql");

describe("own conformance scripts", () => {
  it.each(scriptsIn(own))("%s holds", async (name) => {
    const { passed, failures } = await judge(join(own, name));
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });

  it("are there", () => expect(scriptsIn(own).length).toBeGreaterThan(0));
});

const scripts = scriptsIn(shared);
const reason =
  scripts.length > 0 ? "" : " (skipped: no folder promql/float in LINKLIGHT_CONFORMANCE)";

describe.skipIf(scripts.length === 0)(`Prometheus' test scripts${reason}`, () => {
  let passed = 0;
  it.each(scripts)("%s holds", async (name) => {
    const judged = await judge(join(shared, name));
    passed += judged.passed;
    expect(judged.failures).toEqual([]);
  });

  // vitest leaves out an empty table without a word, which would hide that nothing was tried.
  it("are 894 evaluations", () => expect(passed).toBeGreaterThanOrEqual(894));
});
