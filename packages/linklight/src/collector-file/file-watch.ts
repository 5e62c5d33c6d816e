import { type Stats, statSync } from "node:fs";
import { dirname } from "node:path";

/** How often the files are looked at by default. A change is told when two looks in a row saw the same. */
const INTERVAL_MS = 200;

/** What a file is known by: another text means that it was written, replaced, removed or made. */
type Fingerprint = string;

/**
 * Tells when one of some files changes, at most once until it is told what to watch next.
 *
 * It looks at the files instead of waiting for events of the file system: those do not come from network
 * folders and from folders mounted into containers, and an editor that saves by renaming gives many of
 * them. A look at a dozen files costs microseconds.
 */
export class FileWatch {
  readonly #onChange: () => void;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #known = new Map<string, Fingerprint>();
  /** What the last look saw, where that was something new. */
  #seen: string | undefined;

  constructor(
    onChange: () => void,
    { intervalMs = INTERVAL_MS }: { readonly intervalMs?: number } = {},
  ) {
    this.#onChange = onChange;
    this.#intervalMs = intervalMs;
  }

  /**
   * Watches these files from now on. `readAt` is when reading them began, in milliseconds since 1970: a
   * file that was written later counts as changed. With `andFolders`, a file that appears beside one of
   * them counts too.
   */
  watch(
    files: readonly string[],
    { readAt, andFolders = false }: { readonly readAt: number; readonly andFolders?: boolean },
  ): void {
    const folders = andFolders ? files.map((file) => dirname(file)) : [];
    this.#known = new Map([...files, ...folders].map((path) => [path, fingerprint(path, readAt)]));
    this.#seen = undefined;
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#known.clear();
  }

  #look(): void {
    const now = [...this.#known.keys()].map((path) => fingerprint(path));
    const isSame = [...this.#known.values()].every((known, i) => known === now[i]);
    const seen = isSame ? undefined : now.join("\n");
    const isSettled = seen !== undefined && seen === this.#seen;
    this.#seen = seen;
    if (!isSettled) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#onChange();
  }
}

function fingerprint(path: string, readAt = Number.POSITIVE_INFINITY): Fingerprint {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch {
    return "absent";
  }
  if (stats.mtimeMs > readAt) return "written since";
  return `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
}
