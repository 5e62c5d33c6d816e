// Writes the dashboards' files from the code in packages/dashboards. Needs a build (npm run build).
//
//   node scripts/dashboards.mjs           writes deploy/grafana/dashboards/*.json
//   node scripts/dashboards.mjs --check   exit code 1 when they are not what the code says
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { dashboardFiles } from "../packages/dashboards/dist/index.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "deploy/grafana/dashboards");
const files = dashboardFiles();
const isCheck = process.argv.includes("--check");

// A file beside them that is somebody's own has another uid, and stays as it is.
function isOurs(name) {
  return (
    name.endsWith(".json") &&
    String(JSON.parse(readFileSync(join(folder, name), "utf8")).uid).startsWith("linklight-")
  );
}

mkdirSync(folder, { recursive: true });
const there = new Set(readdirSync(folder).filter(isOurs));
for (const name of new Set([...there, ...files.keys()])) {
  const path = join(folder, name);
  const text = files.get(name);
  if (!isCheck) {
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
  } else if (!there.has(name) || readFileSync(path, "utf8") !== text) {
    const problem = "is not what the code says: run npm run dashboards, and commit it";
    process.stderr.write(`deploy/grafana/dashboards/${name} ${problem}\n`);
    process.exitCode = 1;
  }
}
