import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../disk/replace-file.ts";
import { CorruptionError } from "../encoding/corruption.ts";

/** What `meta.json` of a block says. Times in ms; `maxTime` is exclusive, one more than the last sample can have. */
export interface BlockMeta {
  readonly ulid: string;
  readonly minTime: number;
  readonly maxTime: number;
  readonly stats: BlockStats;
  readonly compaction: BlockCompaction;
  readonly version: 1;
}

export interface BlockStats {
  readonly numSamples: number;
  readonly numSeries: number;
  readonly numChunks: number;
  readonly numFloatSamples?: number;
  readonly numHistogramSamples?: number;
  /** Deleted intervals that are still in the chunks. */
  readonly numTombstones?: number;
}

/** How the block came to be. */
export interface BlockCompaction {
  /** 1 for a block made of the head, one more than its parents' for one made of blocks. */
  readonly level: number;
  /** The ULIDs of the blocks of level 1 that went into it, itself for one of level 1. */
  readonly sources: readonly string[];
  /** The blocks that it replaces, and which may be deleted. */
  readonly parents?: readonly BlockParent[];
  /** A block whose samples are all deleted: it goes away with the next compaction. */
  readonly deletable?: boolean;
  /** A compaction of it failed: it is not tried again. */
  readonly failed?: boolean;
  readonly hints?: readonly string[];
}

export interface BlockParent {
  readonly ulid: string;
  readonly minTime: number;
  readonly maxTime: number;
}

/** Replaces the meta.json of a directory: a reader finds the old or the new one, whole. */
export function writeMeta(directory: string, meta: BlockMeta): Promise<void> {
  const json = new TextEncoder().encode(JSON.stringify(meta, null, "\t"));
  return replaceFile(join(directory, "meta.json"), json);
}

/** Reads the meta.json of a block's directory. Throws CorruptionError when it is none, or of another version. */
export function readBlockMeta(directory: string): BlockMeta {
  const path = join(directory, "meta.json");
  let meta: unknown;
  try {
    meta = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CorruptionError(`${path}: ${(cause as Error).message}`, { cause });
  }
  const problem = metaProblem(meta);
  if (problem !== undefined) throw new CorruptionError(`${path}: ${problem}`);
  return meta as BlockMeta;
}

function metaProblem(meta: unknown): string | undefined {
  if (typeof meta !== "object" || meta === null) return "not an object";
  const { version, ulid, minTime, maxTime, compaction } = meta as Partial<BlockMeta>;
  if (version !== 1)
    return `version ${String(version)}, expected 1: written by another version of Prometheus`;
  if (typeof ulid !== "string") return "no ulid";
  if (!Number.isSafeInteger(minTime) || !Number.isSafeInteger(maxTime))
    return `minTime ${String(minTime)} and maxTime ${String(maxTime)} are not whole milliseconds`;
  if (typeof compaction?.level !== "number") return "no compaction level";
  return undefined;
}
