import { AssertionError } from "node:assert";
import type { MetricFamily } from "@linklight/model";
import type { Collector } from "../collector.ts";
import type { TableSource } from "../family/series-table.ts";
import { namesOf } from "../registry/claims.ts";
import { type CollectTextOptions, collectText } from "./collect-text.ts";
import {
  readCollected,
  readExpected,
  type ShownFamily,
  type ShownLine,
  show,
} from "./shown-families.ts";

/** Options of {@link expectFamilies}. */
export interface ExpectFamiliesOptions extends Pick<CollectTextOptions, "utf8Names"> {
  /** Compares the families of these names only; all by default. */
  readonly names?: readonly string[];
}

/**
 * Runs a collector once, as a registry would, or reads an instrument, and compares what it shows with an
 * exposition in text 0.0.4 by its meaning: the order of families, series and labels, the spelling of numbers,
 * comments and indentation do not matter; HELP and TYPE lines do where the expected text has them.
 *
 * Rejects with an AssertionError that shows every line which differs, or with the reason for which a registry
 * would leave the families out.
 *
 * ```ts
 * await expectFamilies(rooms, `
 *   # TYPE room_temperature_celsius gauge
 *   room_temperature_celsius{room="kitchen"} 21.5
 * `);
 * ```
 */
export async function expectFamilies(
  subject: Collector | TableSource,
  expectedText: string,
  options: ExpectFamiliesOptions = {},
): Promise<void> {
  const { names, utf8Names = false } = options;
  const isWanted = (family: MetricFamily): boolean =>
    names === undefined || namesOf(family).some((name) => names.includes(name));
  const text = await collectText(subject, { format: "text-1.0.0", utf8Names });
  const collected = readCollected(text).filter(isWanted);
  const expected = readExpected(expectedText, collected).filter(({ family }) => isWanted(family));
  const actual = alike(collected, expected);
  const difference = differenceOf(expected, actual);
  if (difference === undefined) return;
  const who = "collect" in subject ? `collector ${subject.name}` : `metric ${subject.info.name}`;
  throw new AssertionError({
    message: `${who} does not show what is expected (- expected, + collected)\n\n${difference}\n`,
    expected: textOf(expected),
    actual: textOf(actual),
    operator: "expectFamilies",
    stackStartFn: expectFamilies,
  });
}

/** The collected families with HELP and TYPE where the expected ones have them, and without empty families that nobody expects. */
function alike(
  collected: readonly MetricFamily[],
  expected: readonly ShownFamily[],
): ShownFamily[] {
  const statedBy = (subject: string): Set<string> =>
    new Set(
      expected
        .filter(({ lines }) => lines.some((line) => line.subject === subject))
        .map(({ family }) => family.name),
    );
  const help = statedBy("HELP");
  const type = statedBy("TYPE");
  const shown = collected.filter(
    ({ name, metrics }) => metrics.length > 0 || help.has(name) || type.has(name),
  );
  return show(shown, { help, type });
}

/** The lines that differ; undefined when there are none. */
function differenceOf(
  expected: readonly ShownFamily[],
  actual: readonly ShownFamily[],
): string | undefined {
  const rest = new Map(actual.map((shown) => [shown.family.name, shown.lines]));
  const lines: string[] = [];
  let same = 0;
  for (const { family, lines: wanted } of expected) {
    const difference = compare(wanted, rest.get(family.name) ?? []);
    rest.delete(family.name);
    lines.push(...difference.lines);
    same += difference.same;
  }
  for (const unexpected of rest.values()) lines.push(...compare([], unexpected).lines);
  if (lines.length === 0) return undefined;
  if (same > 0) lines.push(`  (${same === 1 ? "1 line is" : `${same} lines are`} as expected)`);
  return lines.join("\n");
}

/** Compares the lines of one family; a line that was found instead of an expected one comes next to it. */
function compare(
  wanted: readonly ShownLine[],
  found: readonly ShownLine[],
): { readonly lines: readonly string[]; readonly same: number } {
  const texts = (lines: readonly ShownLine[]): Set<string> =>
    new Set(lines.map(({ line }) => line));
  const wantedTexts = texts(wanted);
  const foundTexts = texts(found);
  const missing = wanted.filter(({ line }) => !foundTexts.has(line));
  const unexpected = new Set(found.filter(({ line }) => !wantedTexts.has(line)));
  const lines: string[] = [];
  for (const { subject, line } of missing) {
    lines.push(`- ${line}`);
    for (const other of unexpected) {
      if (other.subject !== subject) continue;
      lines.push(`+ ${other.line}`);
      unexpected.delete(other);
    }
  }
  for (const { line } of unexpected) lines.push(`+ ${line}`);
  return { lines, same: wanted.length - missing.length };
}

function textOf(families: readonly ShownFamily[]): string {
  return families
    .map(({ lines }) => lines.map(({ line }) => `${line}\n`).join(""))
    .sort()
    .join("");
}
