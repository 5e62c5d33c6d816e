import { resolve } from "node:path";
import type { Collector } from "@linklight/client";
import { builtInCollector, isBuiltInCollector } from "../collectors/built-in.ts";
import { userPath } from "../user-path.ts";

/** One collector of an endpoint, and where it comes from. */
export interface Member {
  /** As on the command line: the name of a built-in collector, or the path of a file. */
  readonly source: string;
  readonly collector: Collector;
  /** Of a collector file: what has to be watched to keep it up to date. */
  readonly file?: MemberFile;
}

/** Where the collector of a file comes from. */
export interface MemberFile {
  /** The absolute path of the collector file. */
  readonly path: string;
  /** It and all local files that it imports, directly or not. */
  readonly files: readonly string[];
  /** When reading them began, in milliseconds since 1970. */
  readonly loadedAt: number;
}

/**
 * Makes what one `--collector` asks for; `openSwitch` makes the collector of the simulation. Rejects with
 * CollectorFileError when its file is no good.
 */
export async function openMember(source: string, openSwitch: () => Collector): Promise<Member> {
  if (isBuiltInCollector(source))
    return { source, collector: await builtInCollector(source, openSwitch) };
  return openFileMember(source);
}

/** Makes the collector of a file. Rejects with CollectorFileError when the file is no good. */
export async function openFileMember(source: string): Promise<Member> {
  // The loader brings a compiler with it, which nobody should wait for who has no file.
  const { loadCollectorFile } = await import("../collector-file/load.ts");
  const path = resolve(userPath(source));
  const loadedAt = Date.now();
  const { collector, files } = await loadCollectorFile(path);
  return { source, collector, file: { path, files, loadedAt } };
}
