import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkFamilies } from "./parse-families.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(
  process.env["LINKLIGHT_CONFORMANCE"] ?? join(root, "../shared/conformance"),
  "openmetrics",
);
const cases = existsSync(folder) ? readdirSync(folder).sort() : [];
const reason = cases.length > 0 ? "" : " (skipped: no folder openmetrics in LINKLIGHT_CONFORMANCE)";

describe.skipIf(cases.length === 0)(`OpenMetrics conformance cases${reason}`, () => {
  it.each(cases)("judges %s as its author does", (name) => {
    const { shouldParse } = JSON.parse(readFileSync(join(folder, name, "test.json"), "utf8")) as {
      shouldParse: boolean;
    };
    const { problems } = checkFamilies(
      "openmetrics-1.0.0",
      readFileSync(join(folder, name, "metrics")),
    );
    if (shouldParse) expect(problems).toEqual([]);
    else expect(problems).not.toEqual([]);
  });

  // vitest leaves out an empty table without a word, which would hide that nothing was tried.
  it("has cases", () => expect(cases.length).toBeGreaterThan(0));
});
