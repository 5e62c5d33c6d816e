import type { Logger } from "@linklight/model";
import { DEFAULT_CACHE_BYTES } from "../disk/page-cache.ts";

/** How a database keeps its data; names and defaults are those of Prometheus' `--storage.tsdb.*`. */
export interface DbOptions {
  /** Blocks older than this, seen from the newest, are removed. 15 days; 0 for never. */
  readonly retentionMs?: number;
  /** Oldest blocks are removed while all take more than this. 0: no limit. */
  readonly retentionBytes?: number;
  /** The range of a block made of the head. 2 hours. */
  readonly minBlockDurationMs?: number;
  /** The longest range that blocks grow to. A tenth of the retention, at most 31 days. */
  readonly maxBlockDurationMs?: number;
  /** 128 MiB. */
  readonly walSegmentBytes?: number;
  readonly walCompression?: "snappy" | "none";
  /**
   * When the log is forced to the disk: at the end of each segment, as Prometheus does it, or with each commit and each deletion. In both
   * cases what was committed survives the end of this process; only the second survives the end of the machine.
   */
  readonly walSync?: "segment" | "commit";
  /** How much of the blocks is kept in memory at most. 256 MiB. */
  readonly cacheBytes?: number;
  /** Whether compaction runs by itself, once a minute. True. */
  readonly autoCompaction?: boolean;
  /** Told of what was repaired, set aside, compacted and removed. */
  readonly logger?: Logger;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The options with every default filled in. */
export type CompleteDbOptions = Required<Omit<DbOptions, "logger">>;

/** Fills in the defaults. Throws RangeError for sizes that make no sense. */
export function completeOptions(options: DbOptions): CompleteDbOptions {
  const {
    retentionMs = 15 * DAY_MS,
    retentionBytes = 0,
    minBlockDurationMs = 2 * HOUR_MS,
    walSegmentBytes = 128 * 1024 * 1024,
    walCompression = "snappy",
    walSync = "segment",
    cacheBytes = DEFAULT_CACHE_BYTES,
    autoCompaction = true,
  } = options;
  const byRetention = retentionMs === 0 ? 31 * DAY_MS : Math.min(31 * DAY_MS, retentionMs / 10);
  const maxBlockDurationMs =
    options.maxBlockDurationMs ?? Math.max(minBlockDurationMs, byRetention);
  const complete = {
    retentionMs,
    retentionBytes,
    minBlockDurationMs,
    maxBlockDurationMs,
    walSegmentBytes,
    walCompression,
    walSync,
    cacheBytes,
    autoCompaction,
  };
  check(complete);
  return complete;
}

function check(options: CompleteDbOptions): void {
  const { minBlockDurationMs, maxBlockDurationMs } = options;
  for (const name of ["retentionMs", "retentionBytes", "cacheBytes"] as const)
    if (typeof options[name] !== "number" || !(options[name] >= 0))
      throw new RangeError(`${name} ${options[name]}: expected a number, at least 0`);
  if (!Number.isSafeInteger(minBlockDurationMs) || minBlockDurationMs <= 0)
    throw new RangeError(
      `minBlockDurationMs ${minBlockDurationMs}: expected whole milliseconds, more than 0`,
    );
  if (!Number.isFinite(maxBlockDurationMs) || maxBlockDurationMs < minBlockDurationMs)
    throw new RangeError(
      `maxBlockDurationMs ${maxBlockDurationMs}: expected a number, at least minBlockDurationMs (${minBlockDurationMs})`,
    );
  checkChoice("walCompression", options.walCompression, ["snappy", "none"]);
  checkChoice("walSync", options.walSync, ["segment", "commit"]);
}

// Programs without types would otherwise get the one that they did not mean.
function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value))
    throw new RangeError(`${name} "${value}": expected ${choices.join(" or ")}`);
}
