import { describe, expect, it } from "vitest";
import type { CheckedFinding } from "./check.ts";
import { isAnythingWrong, jsonReport, textReport } from "./report.ts";

const OK: CheckedFinding = { check: "node", severity: "ok", message: "Node 22" };
const WRONG: CheckedFinding = {
  ...{ check: "targets", severity: "wrong" },
  ...{ message: "it is down", remedy: "start it" },
};
const MISSED: CheckedFinding = {
  ...{ check: "rules", severity: "info", message: "not checked: it needs Prometheus" },
  missing: "Prometheus",
};

describe("textReport", () => {
  it("shows a line a finding, and what to do", () => {
    expect(textReport([WRONG, OK], false)).toBe(
      [
        "wrong    targets  it is down",
        "                  → start it",
        "ok       node     Node 22",
        "",
        "1 wrong",
        "",
      ].join("\n"),
    );
  });

  it("puts what could not be checked for want of the same into one line at the end", () => {
    const lines = textReport([MISSED, { ...MISSED, check: "storage" }, OK], false).split("\n");
    expect(lines).toEqual([
      "ok       node         Node 22",
      "info     not checked  rules, storage: for want of Prometheus",
      "",
      "all that was checked is well",
      "",
    ]);
  });

  it("colours the severity alone, where asked", () => {
    expect(textReport([OK], true).split("\n")[0]).toBe("\u001b[32mok      \u001b[0m node  Node 22");
  });

  it("lets nothing of others move the cursor, show a password, or go on for ever", () => {
    const message = `a\u001b[2J\nb http://me:secret@host/ ${"x".repeat(1000)}`;
    const [line = ""] = textReport([{ ...OK, message }], false).split("\n");
    expect(line).toContain("a·[2J·b http://…@host/ xxx");
    expect(line.length).toBeLessThan(600);
  });

  it("shows where a name and password are to be written", () => {
    const remedy = "give them: --endpoint http://NAME:PASSWORD@host";
    expect(textReport([{ ...WRONG, remedy }], false)).toContain(`→ ${remedy}\n`);
  });

  it.each([
    [[WRONG, WRONG], "2 wrong"],
    [[WRONG, { ...WRONG, severity: "warning" as const }], "1 wrong, 1 warning"],
    [[{ ...WRONG, severity: "warning" as const }], "nothing is wrong, 1 warning"],
    [[OK, MISSED], "all that was checked is well"],
  ])("sums up", (findings, expected) => {
    expect(textReport(findings, false).trimEnd().split("\n").at(-1)).toBe(expected);
  });
});

describe("jsonReport", () => {
  it("has every finding with its check", () => {
    expect(JSON.parse(jsonReport([WRONG, MISSED]))).toEqual({
      healthy: false,
      findings: [
        { check: "targets", severity: "wrong", message: "it is down", remedy: "start it" },
        { check: "rules", severity: "info", message: "not checked: it needs Prometheus" },
      ],
    });
  });
});

describe("isAnythingWrong", () => {
  it("is what the exit code says", () => {
    expect(isAnythingWrong([OK, { ...WRONG, severity: "warning" }])).toBe(false);
    expect(isAnythingWrong([OK, WRONG])).toBe(true);
  });
});
