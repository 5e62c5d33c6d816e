import { readdir, stat } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { userPath } from "../user-path.ts";

/** What a script's name ends in, where a folder is searched for them. */
const EXTENSION = ".test";

/** A file to be run, or why there is none behind an argument. */
export type ScriptFile =
  | { readonly name: string; readonly path: string }
  | { readonly name: string; readonly problem: string };

/**
 * The scripts that arguments of the command line name: a file, a folder (all `*.test` in and below it), a
 * pattern with `*`, `**` or `?` where the shell has not expanded it, and `-` for standard input. Each once, in
 * the order of the arguments, those of a folder or pattern by name.
 */
export async function findScripts(args: readonly string[]): Promise<ScriptFile[]> {
  const found = new Map<string, ScriptFile>();
  for (const arg of args)
    for (const file of await expand(arg)) if (!found.has(file.name)) found.set(file.name, file);
  return [...found.values()];
}

async function expand(arg: string): Promise<ScriptFile[]> {
  if (arg === "-") return [{ name: "<stdin>", path: "-" }];
  const path = userPath(arg);
  const kind = await kindOf(path);
  if (kind === "file") return [{ name: arg, path }];
  if (kind === "folder") {
    const names = (await filesBelow(path)).filter((name) => name.endsWith(EXTENSION));
    if (names.length === 0)
      return [{ name: arg, problem: `there is no *${EXTENSION} file in the folder` }];
    return names.map((name) => ({ name: join(arg, name), path: join(path, name) }));
  }
  if (!/[*?]/.test(arg)) return [{ name: arg, problem: "there is no such file or folder" }];
  return expandPattern(arg);
}

async function expandPattern(arg: string): Promise<ScriptFile[]> {
  const parts = arg.split(sep).join(posix.sep).split(posix.sep);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?]/.test(part)),
  );
  // Nothing before a pattern is the working folder; nothing before its first slash is the root.
  const folder =
    arg.startsWith(posix.sep) && fixed.length === 1 ? posix.sep : fixed.join(posix.sep);
  const pattern = patternOf(parts.slice(fixed.length));
  const root = userPath(folder === "" ? "." : folder);
  const isDeep = parts.includes("**") || parts.length > fixed.length + 1;
  const names = (await kindOf(root)) === "folder" ? await filesBelow(root, isDeep) : [];
  const matching = names.filter((name) => pattern.test(name.split(sep).join(posix.sep)));
  if (matching.length === 0) return [{ name: arg, problem: "no file matches the pattern" }];
  return matching.map((name) => ({ name: join(folder, name), path: join(root, name) }));
}

/** A regular expression for the parts of a path: `**` is any number of folders, `*` and `?` stay inside a name. */
function patternOf(parts: readonly string[]): RegExp {
  const source = parts.map((part, i) => {
    const isLast = i === parts.length - 1;
    if (part === "**") return isLast ? ".*" : "(?:[^/]+/)*";
    const name = part
      .replace(/[\\^$+.()|[\]{}]/g, "\\$&")
      .replaceAll("*", "[^/]*")
      .replaceAll("?", "[^/]");
    return isLast ? name : `${name}/`;
  });
  return new RegExp(`^${source.join("")}$`, "u");
}

/** The paths of the files in a folder, and in those in it, relative to it, by name. */
async function filesBelow(folder: string, recursive = true): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}
