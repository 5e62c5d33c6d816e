import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { syncDirectoryNow } from "./sync-directory.ts";

/**
 * Makes a directory with all above it, unless it is there. What is put on the disk in a directory is lost with the
 * power if its own name was not: so that of each new one is there when this returns.
 */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  const highest = dirname(resolve(first));
  for (let made = resolve(path); made !== highest; made = dirname(made))
    syncDirectoryNow(dirname(made));
}
