import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The text of every file of a git working copy by its path from the root: what is committed and what
 * would be, in the order of paths. Binary files are left out.
 */
export function readTree(root) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { status, stdout, stderr } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`check-tree needs a git working copy: ${stderr}`);
  const tree = new Map();
  for (const path of stdout.split("\0").filter(Boolean).sort()) {
    const text = readText(join(root, path));
    if (text !== undefined) tree.set(path, text);
  }
  return tree;
}

function readText(path) {
  try {
    const text = readFileSync(path, "utf8");
    return text.includes("\0") ? undefined : text;
  } catch (error) {
    // Deleted but not committed yet, or a link to a folder.
    if (error.code === "ENOENT" || error.code === "EISDIR") return undefined;
    throw error;
  }
}
