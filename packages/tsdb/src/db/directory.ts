import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isValid } from "ulid";
import { makeDirectory } from "../disk/make-directory.ts";
import { listSegments } from "../wal/segments.ts";

/** The directory is not one that a database can be opened in. */
export class DirectoryError extends Error {
  override readonly name = "DirectoryError";
  readonly code: "LINKLIGHT_TSDB_DIRECTORY" | "LINKLIGHT_TSDB_UNSUPPORTED_RECORD";

  constructor(code: DirectoryError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const KNOWN = new Set(["wal", "wbl", "chunks_head", "lock", "lock.pid", "queries.active"]);

/**
 * Makes the directory of a database, or looks at one that is there: refuses one that holds other people's files, and
 * out-of-order samples, which only Prometheus can bring into blocks so far.
 */
export function prepareDirectory(directory: string): void {
  refuseForeign(directory, makeListed(directory));
  const outOfOrder = listSegments(join(directory, "wbl")).reduce(
    (sum, { bytes }) => sum + bytes,
    0,
  );
  if (outOfOrder > 0)
    throw new DirectoryError(
      "LINKLIGHT_TSDB_UNSUPPORTED_RECORD",
      `${directory}: wbl holds ${outOfOrder} bytes of out-of-order samples, which are not supported: let Prometheus bring them into blocks first`,
    );
}

/** Makes a directory unless it is there, and lists it. Throws DirectoryError where that cannot be. */
export function makeListed(directory: string): string[] {
  try {
    makeDirectory(directory);
    return readdirSync(directory);
  } catch (cause) {
    throw new DirectoryError(
      "LINKLIGHT_TSDB_DIRECTORY",
      `${directory}: cannot be used: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Refuses a directory that holds other people's files only: `names` are those in it. */
export function refuseForeign(directory: string, names: readonly string[]): void {
  const said = names.filter((name) => !saysNothing(name));
  const foreign = said.filter((name) => !isOurs(name));
  if (foreign.length > 0 && foreign.length === said.length)
    throw new DirectoryError(
      "LINKLIGHT_TSDB_DIRECTORY",
      `${directory}: is not a database: it holds ${foreign.slice(0, 3).join(", ")}: choose an empty directory, or Prometheus' data directory`,
    );
}

function isOurs(name: string): boolean {
  return KNOWN.has(name) || name.startsWith("chunk_snapshot.") || isValid(name.slice(0, 26));
}

/** What file systems and tools put into directories that are empty to their owner. */
function saysNothing(name: string): boolean {
  return name === "lost+found" || name.startsWith(".");
}
