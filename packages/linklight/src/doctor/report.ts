import type { CheckedFinding, Severity } from "./check.ts";

/** How wide the column of severities is: that of the longest. */
const SEVERITY_WIDTH = 8;

/** Longer texts of others are cut. */
const LONGEST_TEXT = 500;

/** SGR parameters of the severities, where a terminal shows colours. */
const COLOURS: Readonly<Record<Severity, string>> = {
  ok: "32",
  info: "2",
  warning: "33",
  wrong: "31",
};

/** All findings for people: a line each, behind it what to do where something is to be done, and the sum. */
export function textReport(findings: readonly CheckedFinding[], hasColours: boolean): string {
  const shown = [...findings.filter(({ missing }) => missing === undefined), ...missed(findings)];
  const width = Math.max(0, ...shown.map(({ check }) => check.length));
  const lines = shown.flatMap(({ severity, check, message, remedy }) => {
    const word = severity.padEnd(SEVERITY_WIDTH);
    const mark = hasColours ? `\u001b[${COLOURS[severity]}m${word}\u001b[0m` : word;
    const line = `${mark} ${check.padEnd(width)}  ${printable(message)}`;
    const indent = " ".repeat(SEVERITY_WIDTH + 1 + width + 2);
    return remedy === undefined ? [line] : [line, `${indent}→ ${printable(remedy)}`];
  });
  return `${lines.join("\n")}\n\n${sumOf(findings)}\n`;
}

/** One line for all checks that the same service is missing for. */
function missed(findings: readonly CheckedFinding[]): CheckedFinding[] {
  const titles = new Set(findings.flatMap(({ missing }) => missing ?? []));
  return [...titles].map((title) => {
    const names = findings.filter(({ missing }) => missing === title).map(({ check }) => check);
    return {
      check: "not checked",
      severity: "info",
      message: `${names.join(", ")}: for want of ${title}`,
    };
  });
}

/** All findings for programs: whether something is wrong, and each with its check, severity, message and remedy. */
export function jsonReport(findings: readonly CheckedFinding[]): string {
  const shown = findings.map(({ message, remedy, missing: _, ...rest }) => ({
    ...rest,
    message: printable(message),
    ...(remedy !== undefined && { remedy: printable(remedy) }),
  }));
  return `${JSON.stringify({ healthy: !isAnythingWrong(findings), findings: shown }, null, 2)}\n`;
}

/** Whether a finding makes the doctor end with 1. */
export function isAnythingWrong(findings: readonly CheckedFinding[]): boolean {
  return findings.some(({ severity }) => severity === "wrong");
}

function sumOf(findings: readonly CheckedFinding[]): string {
  const count = (wanted: Severity): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  const [wrong, warnings] = [count("wrong"), count("warning")];
  if (wrong === 0 && warnings === 0) return "all that was checked is well";
  const told = warnings === 1 ? "1 warning" : `${warnings} warnings`;
  if (wrong === 0) return `nothing is wrong, ${told}`;
  return warnings === 0 ? `${wrong} wrong` : `${wrong} wrong, ${told}`;
}

/** A text that may come from anywhere: it moves no cursor, shows no password of an address, and ends. */
function printable(text: string): string {
  const safe = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "·")
    // Except where we say ourselves what to write.
    .replace(/(\/\/)(?!NAME:PASSWORD@)[^/\s@]+@/g, "$1…@");
  return safe.length > LONGEST_TEXT ? `${safe.slice(0, LONGEST_TEXT)}…` : safe;
}
