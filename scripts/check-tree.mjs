// What no linter checks: how large files and folders are, which package may import which
// (the layers of ARCHITECTURE.md), and that nothing of one machine is in the tree.
//
//   node scripts/check-tree.mjs [FOLDER]     a git working copy; by default this one
//
// Prints every problem and what to do about it. Exit code 1 when there is an error; a warning is advice.
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { layerProblems } from "./check-tree/layers.mjs";
import { machineProblems } from "./check-tree/machine.mjs";
import { sizeProblems } from "./check-tree/sizes.mjs";
import { readTree } from "./check-tree/tree.mjs";

const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
const tree = readTree(root);
const problems = [...sizeProblems(tree), ...layerProblems(tree), ...machineProblems(tree)];

for (const { level, path, problem } of problems) {
  process.stdout.write(`${path}: ${level}: ${problem}\n`);
}
const errors = problems.filter(({ level }) => level === "error").length;
const warnings = problems.length - errors;
process.stdout.write(`check-tree: ${tree.size} files, ${errors} errors, ${warnings} warnings\n`);
process.exitCode = errors === 0 ? 0 : 1;
