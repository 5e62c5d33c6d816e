import type { Difference, Mismatch } from "./mismatch.ts";

/** Why a command of a script did not hold. */
export interface CommandFailure {
  /** Of the command's first line, from 1. */
  readonly line: number;
  /** Where in the line, from 1, when it is about one place of it. */
  readonly column: number | undefined;
  /** The command's first line. */
  readonly text: string;
  /** What was asked, where it was not the command as written. */
  readonly how: string | undefined;
  readonly mismatch: Mismatch;
  /** What was thrown, if anything. */
  readonly error: Error | undefined;
}

/** More of them would not be read. */
const MOST_DIFFERENCES = 20;

/** Cells up to this width stand in a table; wider ones below each other. */
const WIDEST_CELL = 48;

/**
 * A failure for people: place and command, what is wrong, and what was expected and got side by side.
 *
 * ```
 * sum.test:7: eval instant at 5m sum by (role) (rx)
 *   the result differs:
 *     series             expected  got
 *     {role="access"}    3         4
 *     {role="uplink"}    -         1
 * ```
 */
export function describeFailure(failure: CommandFailure, file: string): string {
  const { line, column, text, how, mismatch } = failure;
  const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
  const lines = [`${place}: ${text}`];
  if (how !== undefined) lines.push(`  asked again: ${how}`);
  lines.push(`  ${mismatch.reason}${mismatch.differences.length > 0 ? ":" : ""}`);
  const shown = mismatch.differences.slice(0, MOST_DIFFERENCES);
  const isTable = shown.every(({ expected, got }) => isShort(expected) && isShort(got));
  lines.push(...(isTable ? table(shown) : shown.flatMap(stack)).map((one) => `    ${one}`));
  const left = mismatch.differences.length - shown.length;
  if (left > 0) lines.push(`    and ${left} more that differ`);
  for (const note of mismatch.notes.slice(0, MOST_DIFFERENCES)) lines.push(`    ${note}`);
  return lines.join("\n");
}

function isShort(values: readonly string[] | undefined): boolean {
  return (
    values === undefined || (values.length === 1 && (values[0] as string).length <= WIDEST_CELL)
  );
}

function table(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  const rows = [
    ["", "expected", "got"],
    ...differences.map(({ what, expected, got }) => [
      `${what}`,
      expected?.join(" ") ?? "-",
      got?.join(" ") ?? "-",
    ]),
  ];
  return aligned(rows).map((row) => row.join("  ").trimEnd());
}

/** Expected and got below each other, value under value, and a mark under those that differ. */
function stack({ what, expected, got }: Difference): string[] {
  if (expected === undefined) return [`${what}`, `  expected  -`, `  got       ${got?.join(" ")}`];
  if (got === undefined) return [`${what}`, `  expected  ${expected.join(" ")}`, "  got       -"];
  const length = Math.max(expected.length, got.length);
  const at = (values: readonly string[], i: number): string => values[i] ?? "_";
  const columns = Array.from({ length }, (_, i) => i);
  const [above, below, marks] = aligned([
    columns.map((i) => at(expected, i)),
    columns.map((i) => at(got, i)),
    columns.map((i) => (at(expected, i) === at(got, i) ? "" : "^")),
  ]) as [string[], string[], string[]];
  return [
    `${what}`,
    `  expected  ${above.join(" ")}`.trimEnd(),
    `  got       ${below.join(" ")}`.trimEnd(),
    `            ${marks.join(" ")}`.trimEnd(),
  ];
}

/** The rows with their cells as wide as the widest of the column. */
function aligned(rows: readonly (readonly string[])[]): string[][] {
  const widths = (rows[0] ?? []).map((_, i) =>
    rows.reduce((widest, row) => Math.max(widest, (row[i] ?? "").length), 0),
  );
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] as number)));
}
