/**
 * How many entries a second do the parsers read?
 *
 * As a scraper does: every entry with its value, and no labels, which a scraper decodes only for series
 * that are new. The naive rival splits lines and takes them apart with a regular expression.
 */
import { Entry, ExpositionWriter, layout, openParser } from "@linklight/exposition";
import { familiesOf } from "./harness/families.mjs";
import { race, raceTable } from "./harness/race.mjs";

export const question = "How many entries a second do the parsers read?";

const SERIES = 20_000;
const FORMATS = ["text-0.0.4", "text-1.0.0", "openmetrics-1.0.0", "protobuf"];
const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/;

export function answer({ quick, print }) {
  const families = familiesOf(SERIES);
  const pages = new Map(FORMATS.map((format) => [format, page(families, format)]));
  const parsers = FORMATS.map((format) => ({
    name: format,
    run: () => entriesIn(openParser(format, pages.get(format))),
  }));
  const naive = { name: "a regular expression", run: () => linesIn(pages.get("text-0.0.4")) };
  print(`${raceTable(race([...parsers, naive], { quick }), "entry")}\n`);
}

function page(families, format) {
  const writer = new ExpositionWriter(families.tables(1), layout(format));
  const blocks = [];
  for (let block = writer.next(); block !== undefined; block = writer.next()) blocks.push(block);
  return Buffer.concat(blocks);
}

function entriesIn(parser) {
  let entries = 0;
  let sum = 0;
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    entries++;
    if (entry === Entry.SERIES) sum += parser.value;
  }
  return sum > 0 ? entries : 0;
}

function linesIn(bytes) {
  let entries = 0;
  let sum = 0;
  for (const line of bytes.toString("utf8").split("\n")) {
    entries++;
    if (!line.startsWith("#")) sum += Number(LINE.exec(line)?.[3] ?? 0);
  }
  return sum > 0 ? entries : 0;
}
