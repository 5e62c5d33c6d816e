/**
 * How fast is the database, and how small, beside Prometheus?
 *
 * Each part has its table: chunks in this process; scrapes appended, beside `promtool tsdb bench write` with the same
 * series and values; the same samples as blocks, beside those of `promtool tsdb create-blocks-from openmetrics`; a
 * directory of 100,000 series opened and asked, and a log of 100,000 series replayed, beside Prometheus; the longest
 * time that a compaction keeps the event loop.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findPrometheus } from "./harness/prometheus.mjs";
import { targetTable } from "./harness/target.mjs";
import { appends } from "./tsdb/appends.mjs";
import { chunks } from "./tsdb/chunks.mjs";
import { compaction } from "./tsdb/compaction.mjs";
import { disk } from "./tsdb/disk.mjs";
import { opening } from "./tsdb/opening.mjs";

export const question = "How fast is the database, and how small, beside Prometheus?";

const PARTS = { chunks, appends, disk, opening, compaction };

export async function answer({ quick, print }) {
  const real = findPrometheus();
  if (real === undefined)
    print("**Without Prometheus**, which is not here: run scripts/peers.sh.\n\n");
  else print(`Beside Prometheus ${real.version}.\n\n`);
  const goals = [];
  for (const [name, part] of Object.entries(PARTS)) {
    process.stderr.write(`bench: tsdb-speed: ${name}\n`);
    const folder = mkdtempSync(join(tmpdir(), "linklight-bench-"));
    let folders = 0;
    const newFolder = () => {
      const path = join(folder, String(folders++));
      mkdirSync(path);
      return path;
    };
    try {
      goals.push(...(await part({ quick, print, real, newFolder })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  print(`${targetTable(goals)}\n`);
}
