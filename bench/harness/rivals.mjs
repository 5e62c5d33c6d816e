import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const bench = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(dirname(bench), ".cache");
const peers = join(cache, "peers");

/**
 * Installs the rivals written in JavaScript into bench/node_modules, unless those of the lock file are
 * there already. Gives the reason when that was not possible.
 */
export function installPackages() {
  const stamp = join(bench, "node_modules", ".linklight-bench-lock");
  const lock = createHash("sha256").update(readFileSync(join(bench, "package-lock.json")));
  const wanted = `${lock.digest("hex")}\n`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return undefined;
  process.stderr.write("bench: installing the rivals once …\n");
  const { status, stderr } = spawnSync("npm", ["ci", "--loglevel=error"], {
    cwd: bench,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) return `npm ci failed in bench/: ${stderr?.trim().split("\n").at(-1)}`;
  writeFileSync(stamp, wanted);
  return undefined;
}

/** Where Debian's client_python lies, and its version; undefined where scripts/peers.sh did not fetch it. */
export function pythonClient() {
  const path = join(peers, "python-client");
  if (!existsSync(join(path, "VERSION"))) return undefined;
  return { path, version: versionIn(join(path, "VERSION")) };
}

/** The program in rivals/client_golang, built with Debian's Go and client_golang; undefined where they are absent. */
export function goProgram() {
  const role = join(peers, "client-golang");
  if (!existsSync(join(role, "VERSION"))) return undefined;
  const program = join(cache, "bench", "client_golang");
  mkdirSync(dirname(program), { recursive: true });
  const { status, stderr } = spawnSync(join(role, "go"), ["build", "-o", program, "."], {
    cwd: join(bench, "rivals", "client_golang"),
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      GO111MODULE: "off",
      GOPATH: join(role, "gopath"),
      GOCACHE: join(cache, "bench", "go"),
      CGO_ENABLED: "0",
    },
  });
  if (status !== 0) throw new Error(`bench: go build failed: ${stderr}`);
  return { program, version: versionIn(join(role, "VERSION")) };
}

function versionIn(file) {
  return readFileSync(file, "utf8").trim();
}
