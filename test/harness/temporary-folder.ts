import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new empty folder, and how to remove it with everything in it. */
export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

/** Makes a folder among the system's temporary ones, or in another; `purpose` becomes part of its name. */
export function temporaryFolder(purpose: string, parent: string = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, `linklight-${purpose}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
