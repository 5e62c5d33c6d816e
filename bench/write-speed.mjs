/**
 * How fast do the writers write, once the series are known?
 *
 * All values change before each page; setting and copying them is part of it, sending is not.
 */
import { ExpositionWriter, layout } from "@linklight/exposition";
import { familiesOf } from "./harness/families.mjs";
import { race, raceTable } from "./harness/race.mjs";

export const question = "How fast do the writers write, once the series are known?";

const SERIES = 20_000;
const FORMATS = ["text-0.0.4", "text-1.0.0", "openmetrics-1.0.0", "protobuf"];

export function answer({ quick, print }) {
  let scrape = 0;
  const writers = FORMATS.map((format) => {
    // Families of its own, since a family keeps what was rendered for a few formats only.
    const families = familiesOf(SERIES);
    const kept = layout(format);
    const run = () => {
      const writer = new ExpositionWriter(families.tables(++scrape), kept);
      while (writer.next() !== undefined);
      return SERIES;
    };
    return { name: format, run };
  });
  const families = familiesOf(SERIES);
  const naive = () => {
    let text = "";
    for (const [name, labels, value] of families.lines(++scrape)) {
      const pairs = Object.entries(labels).map(([label, of]) => `${label}="${of}"`);
      text += `${name}{${pairs.join(",")}} ${value}\n`;
    }
    Buffer.from(text);
    return SERIES;
  };
  const results = race([...writers, { name: "joining strings", run: naive }], { quick });
  print(`${raceTable(results, "series")}\n`);
}
