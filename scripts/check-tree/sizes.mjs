const LOOK_AGAIN_LINES = 400;
const MAX_LINES = 600;
const MAX_FILES = 12;

const isCode = (path) => /\.(ts|tsx|mjs)$/.test(path);
// Tables and generated files are data that happens to be code.
const isTable = (path) => /(^|\/)generated\/|[.-](generated|tables?)\.ts$/.test(path);
const isTest = (path) => /\.test\.tsx?$/.test(path);

/** Files too long to be read in one go, and folders with too many files or too deep in a package. */
export function sizeProblems(tree) {
  return [...longFiles(tree), ...fullFolders(tree), ...deepFolders(tree)];
}

function* longFiles(tree) {
  for (const [path, text] of tree) {
    if (!isCode(path) || isTable(path)) continue;
    const lines = text.split("\n").length - 1;
    if (lines > MAX_LINES) {
      const problem = `${lines} lines, at most ${MAX_LINES}: give each of the things in it a file of its own`;
      yield { level: "error", path, problem };
    } else if (lines > LOOK_AGAIN_LINES) {
      const problem = `${lines} lines: look whether it holds two things`;
      yield { level: "warning", path, problem };
    }
  }
}

// Tests stand beside what they test, and index.ts is a package's table of contents: neither counts.
function* fullFolders(tree) {
  const files = new Map();
  for (const path of tree.keys()) {
    if (!isCode(path) || isTest(path) || path.endsWith("/index.ts")) continue;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    files.set(folder, (files.get(folder) ?? 0) + 1);
  }
  for (const [path, count] of files) {
    if (count <= MAX_FILES) continue;
    const problem = `${count} files, a dozen is enough: move those that belong together into a folder`;
    yield { level: "warning", path, problem };
  }
}

function* deepFolders(tree) {
  const deep = new Set();
  for (const path of tree.keys()) {
    const folder = /^(packages\/[^/]+\/src\/[^/]+\/[^/]+\/).*\.tsx?$/.exec(path)?.[1];
    if (folder !== undefined) deep.add(folder);
  }
  for (const path of deep) {
    const problem = "two levels below src, one is enough: move the folder up";
    yield { level: "warning", path, problem };
  }
}
