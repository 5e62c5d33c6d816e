/**
 * What does a scrape cost the program that is scraped?
 *
 * Every server runs in its own process and shows the same samples; all of them change before each scrape,
 * and changing them is part of the cost. Scrapes of all servers are interleaved. Medians.
 */
import process from "node:process";
import { contestants, Name } from "./harness/contestants.mjs";
import { interleave } from "./harness/interleave.mjs";
import { markdownTable, shown, times } from "./harness/markdown.mjs";
import { median } from "./harness/median.mjs";
import { targetTable } from "./scrape-targets.mjs";

export const question = "What does a scrape cost the program that is scraped?";

const BASELINE = Name.HANDLES;
const QUICK_ROUNDS = 5;
const ROUNDS = 25;

/** Prints one table for each size and encoding, and what became of the targets. */
export async function answer({ quick, print }) {
  if (process.platform !== "linux")
    throw new Error("the time and memory of other processes are read as Linux shows them");
  const { servers, skipped } = contestants();
  for (const { name, reason } of skipped) print(`**Skipped: ${name}** – ${reason}.\n\n`);
  const results = new Map();
  for (const series of [10_000, 100_000]) {
    for (const gzip of [false, true]) {
      const title = `${series.toLocaleString("en")} series, ${gzip ? "gzip" : "plain"}`;
      const taking = gzip ? servers.filter(({ compresses }) => compresses) : servers;
      const rounds = quick ? QUICK_ROUNDS : ROUNDS;
      const measured = await interleave(taking, { series, gzip, rounds, progress: note(title) });
      const rows = measured.map(summary);
      results.set(title, rows);
      print(`### ${title}\n\n${resultTable(rows)}\n`);
      if (gzip) print("The other rivals do not compress.\n\n");
    }
  }
  print(`### Targets\n\n${targetTable(results)}\n`);
}

function summary({ name, scrapes, peakRssMb }) {
  const middle = (key) => median(scrapes.map((scrape) => scrape[key]));
  return {
    name,
    cpuMs: middle("cpuMs"),
    firstByteMs: middle("firstByteMs"),
    wholeMs: middle("wholeMs"),
    stallMs: middle("stallMs"),
    peakRssMb,
    megabytes: middle("bytes") / 1e6,
  };
}

const COLUMNS = [
  ["CPU ms", "cpuMs"],
  ["first byte ms", "firstByteMs"],
  ["whole page ms", "wholeMs"],
  ["longest stall ms", "stallMs"],
  ["peak RSS MB", "peakRssMb"],
];

/** Each figure, and how many times that of the baseline it is. */
function resultTable(rows) {
  const baseline = rows.find(({ name }) => name === BASELINE);
  const header = ["server", ...COLUMNS.map(([title]) => title), "MB sent"];
  const cells = (row) =>
    COLUMNS.map(([, key]) => {
      const figure = shown(row[key]);
      return row === baseline || figure === "–"
        ? figure
        : `${figure} (${times(row[key] / baseline[key])})`;
    });
  return markdownTable(
    header,
    rows.map((row) => [row.name, ...cells(row), shown(row.megabytes)]),
  );
}

function note(title) {
  return (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${title}: ${text}`);
  };
}
