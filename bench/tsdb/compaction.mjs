import process from "node:process";
import { fileURLToPath } from "node:url";
import { markdownTable, shown } from "../harness/markdown.mjs";
import { measuredRun } from "../harness/measured-run.mjs";
import { median } from "../harness/median.mjs";

const script = fileURLToPath(new URL("../servers/compaction-stall.mjs", import.meta.url));
const SERIES = [400, 4_000];
const QUICK_SERIES = [400];
const ROUNDS = 3;

/** How long a compaction takes, and for how long nothing else runs meanwhile. */
export async function compaction({ quick, print, newFolder }) {
  const rows = [];
  for (const series of quick ? QUICK_SERIES : SERIES) {
    const runs = [];
    for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
      const run = await measuredRun(process.execPath, [script, newFolder(), String(series)]);
      runs.push({ ...run, ...JSON.parse(run.output) });
    }
    const middle = (key) => median(runs.map((each) => each[key]));
    const figures = [middle("samples") / 1e6, middle("seconds"), middle("stallMs")];
    rows.push([shown(series), ...[...figures, middle("peakRssMb")].map(shown)]);
  }
  const header = [
    "compaction of series",
    "million samples",
    "s",
    "longest stall, ms",
    "peak RSS, MB",
  ];
  print(`${markdownTable(header, rows)}\n`);
  return [];
}
