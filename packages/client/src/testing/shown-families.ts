import { checkFamilies, Entry, layout, TextParser, writeFamilies } from "@linklight/exposition";
import type { MetricFamily } from "@linklight/model";

/** One line of a family, in the one spelling that all texts of its meaning have. */
export interface ShownLine {
  /** What the line is about: lines with the same one differ in their value. */
  readonly subject: string;
  readonly line: string;
}

/** A metric family as lines. Those of HELP and TYPE are there only if the text had them. */
export interface ShownFamily {
  readonly family: MetricFamily;
  readonly lines: readonly ShownLine[];
}

/** Which families a text has a HELP and a TYPE line for. */
interface Stated {
  readonly help: ReadonlySet<string>;
  readonly type: ReadonlySet<string>;
}

// The same as text 0.0.4 for old names, and with a spelling for all others.
const CANONICAL = layout("text-1.0.0", "allow-utf-8");

/**
 * Reads an exposition that a person wrote into a test: indented, without a line feed at its end. Where it has
 * no TYPE line, a family has the type that `known` says. Throws TypeError with the line when it is none.
 */
export function readExpected(text: string, known: readonly MetricFamily[]): ShownFamily[] {
  const lines = text.split("\n").map((line) => line.trim());
  const own = `${lines.join("\n")}\n`;
  const { families, problems } = checkFamilies("text-1.0.0", own);
  const [problem] = problems;
  if (problem !== undefined) {
    throw new TypeError(
      `the expected text is no exposition: line ${problem.line}: ${problem.problem}\n  ${lines[problem.line - 1] ?? ""}`,
      { cause: problem },
    );
  }
  const stated = statedIn(own);
  return show(withKnownTypes(own, stated, known) ?? families, stated);
}

/** Reads what a collector showed. */
export function readCollected(text: string): MetricFamily[] {
  const { families, problems } = checkFamilies("text-1.0.0", text);
  if (problems[0] !== undefined) {
    throw new TypeError(`what was collected is no exposition: ${problems[0].message}\n${text}`, {
      cause: problems[0],
    });
  }
  return [...families];
}

/** Families as lines; HELP and TYPE only of those named. */
export function show(families: Iterable<MetricFamily>, stated: Stated): ShownFamily[] {
  return [...families].map((family) => ({
    family,
    lines: linesOf(family, stated.help.has(family.name), stated.type.has(family.name)),
  }));
}

/**
 * Without its TYPE line a histogram reads as three families. So the text is read again with the lines that
 * it left out; undefined when that does not fit it.
 */
function withKnownTypes(
  text: string,
  stated: Stated,
  known: readonly MetricFamily[],
): readonly MetricFamily[] | undefined {
  const typeLines = known
    .filter(
      ({ name, type }) => !stated.type.has(name) && (type === "histogram" || type === "summary"),
    )
    .map((family) => linesOf({ ...family, metrics: [] }, false, true)[0]?.line ?? "");
  if (typeLines.length === 0) return undefined;
  const { families, problems } = checkFamilies("text-1.0.0", `${typeLines.join("\n")}\n${text}`);
  // What was added must not count as expected.
  return problems.length > 0
    ? undefined
    : families.filter(
        ({ name, metrics }) => metrics.length > 0 || stated.help.has(name) || stated.type.has(name),
      );
}

function statedIn(text: string): Stated {
  const help = new Set<string>();
  const type = new Set<string>();
  const parser = new TextParser(Buffer.from(text));
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry === Entry.HELP) help.add(parser.metricName());
    else if (entry === Entry.TYPE) type.add(parser.metricName());
  }
  return { help, type };
}

function linesOf(family: MetricFamily, withHelp: boolean, withType: boolean): ShownLine[] {
  const bytes = Buffer.from(writeFamilies([family], CANONICAL));
  const texts = bytes.toString("utf8").split("\n");
  const lines: ShownLine[] = [];
  const parser = new TextParser(bytes);
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    const line = texts[parser.line - 1] ?? "";
    if (entry === Entry.SERIES) {
      const subject = bytes.toString("utf8", parser.seriesStart, parser.seriesEnd);
      lines.push({ subject, line });
    } else if (entry === Entry.HELP ? withHelp : entry === Entry.TYPE && withType) {
      lines.push({ subject: entry === Entry.HELP ? "HELP" : "TYPE", line });
    }
  }
  return lines;
}
