// Home and scratch folders: a path below them exists on one machine only. The patterns are written so
// that they do not match themselves.
const MACHINE_PATH = /(?<![\w.$}])\/(?:work|root|tmp|home\/\w+|Users\/\w+)\/[\w.-]+/;
const REGISTRY_HOST = /\bregistry\.[\w-]+\.(?:org|com|net|io)\b/;

/** Paths of one machine, and a lock file that says from which host each package came. */
export function* machineProblems(tree) {
  for (const [path, text] of tree) {
    const found = MACHINE_PATH.exec(text) ?? REGISTRY_HOST.exec(text);
    if (found !== null) {
      const line = text.slice(0, found.index).split("\n").length;
      const problem = `"${found[0]}" belongs to one machine: use a relative path, or the system's temporary folder`;
      yield { level: "error", path: `${path}:${line}`, problem };
    }
    if (path.endsWith("package-lock.json") && /"resolved": "https?:/.test(text)) {
      const problem =
        "names the host it was made with: npm install with omit-lockfile-registry-resolved=true";
      yield { level: "error", path, problem };
    }
  }
}
