import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes sure that names created or changed in a directory are on the disk. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
