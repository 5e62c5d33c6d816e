import { describe, expect, it } from "vitest";
import { lintCases } from "../harness/lint-corpus.ts";
import { findPeer } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";

// What the cases call findings of promtool must be exactly what promtool finds: so the corpus, which the
// unit tests hold our own linter to, is proved against the real one.
describe.each([
  ["prometheus-2", "promtool2"],
  ["prometheus-3", "promtool3"],
] as const)("promtool of %s", (role, has) => {
  it.skipIf(!findPeer(role)).each(lintCases())(
    "says of $name what the corpus claims",
    async ({ exposition, exitCode, findings }) => {
      const { code, stderr } = await promtool(role, ["check", "metrics"], { stdin: exposition });
      const own = findings.filter((finding) => finding[has]);
      const lines = stderr.split("\n").filter((line) => line !== "");
      if (exitCode === 1) {
        expect({ code, says: lines.map((line) => line.split(":")[0]) }).toEqual({
          code: 1,
          says: ["error while linting"],
        });
        return;
      }
      // promtool repeats what it says of several series of a family.
      expect({ code, says: [...new Set(lines)].sort() }).toEqual({
        code: own.length > 0 ? 3 : 0,
        says: [...new Set(own.map(({ metric, text }) => `${metric} ${text}`))].sort(),
      });
    },
  );
});
