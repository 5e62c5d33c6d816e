import type { Collector } from "@linklight/client";

/** A collector file that was loaded. */
export interface LoadedFile {
  readonly collector: Collector;
  /** The absolute paths of it and of all local files that it imports, directly or not. */
  readonly files: readonly string[];
}

/** Loads a collector file. */
export async function loadCollectorFile(path: string): Promise<LoadedFile> {
  throw new Error(`not yet: ${path}`);
}
