import { accessSync, constants, readFileSync } from "node:fs";
import { RefusedStart } from "./problem.ts";

/** What the environment tells Grafana. */
export interface Settings {
  readonly provisioning: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads Grafana's environment as its image's run.sh does: the data folder must be writable, a variable
 * whose name ends in `__FILE` is the path of its value, and cannot be given both ways. Throws
 * RefusedStart.
 */
export function readSettings(env: Environment): Settings {
  const data = env["GF_PATHS_DATA"] ?? "/var/lib/grafana";
  try {
    accessSync(data, constants.W_OK);
  } catch {
    throw new RefusedStart(`GF_PATHS_DATA='${data}' is not writable.`);
  }
  for (const [name, path] of Object.entries(env)) {
    if (name.startsWith("GF_") && name.endsWith("__FILE") && path !== undefined && path !== "") {
      readSecret(name.slice(0, -"__FILE".length), path, env);
    }
  }
  return { provisioning: env["GF_PATHS_PROVISIONING"] ?? "/etc/grafana/provisioning" };
}

function readSecret(variable: string, path: string, env: Environment): void {
  if ((env[variable] ?? "") !== "") {
    throw new RefusedStart(
      `ERROR: Both ${variable} and ${variable}__FILE are set (but are exclusive)`,
    );
  }
  let secret: string;
  try {
    secret = readFileSync(path, "utf8").trim();
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "EACCES"
        ? "Permission denied"
        : "No such file or directory";
    throw new RefusedStart(`/run.sh: ${path}: ${reason} (it is to hold ${variable})`);
  }
  if (secret === "") throw new RefusedStart(`${path}: empty, and it is to hold ${variable}`);
}
