import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@linklight/model";
import { BlockSet } from "../block/block-set.ts";
import { PageCache } from "../disk/page-cache.ts";
import { NumberRangeError } from "../encoding/corruption.ts";
import { Head } from "../head/head.ts";
import { type ReplayReport, replay } from "../head/replay.ts";
import { Pause } from "../turns/pause.ts";
import { listCheckpoints } from "../wal/checkpoint.ts";
import { WalWriter } from "../wal/wal-writer.ts";
import type { CompleteDbOptions } from "./db-options.ts";
import { DirectoryError } from "./directory.ts";

/** What a database is made of once its directory is open. */
export interface DbParts {
  readonly blocks: BlockSet;
  readonly head: Head;
  readonly wal: WalWriter;
  readonly report: ReplayReport;
  readonly pause: Pause;
}

/** Records without which nothing that was acknowledged is lost: exemplars are kept in memory only anyway. */
const DISPENSABLE = new Set(["exemplars", "markers of memory-mapped chunks"]);

/** Opens blocks and log of a locked directory; repairs what a crash left. */
export async function openParts(
  directory: string,
  options: CompleteDbOptions,
  logger: Logger | undefined,
): Promise<DbParts> {
  const blocks = new BlockSet(directory, new PageCache(options.cacheBytes), logger);
  try {
    const pause = new Pause();
    await blocks.removeLeftovers();
    await blocks.reload(pause);
    const head = new Head(options.minBlockDurationMs);
    if (blocks.maxTime !== undefined) head.setMinValidTime(blocks.maxTime);
    const walDirectory = join(directory, "wal");
    const report = await replay(walDirectory, head, pause);
    await head.settle(pause);
    tell(report, logger);
    refuseUnread(walDirectory, report);
    await removeHeadMemory(directory);
    const wal = new WalWriter(walDirectory, {
      segmentBytes: options.walSegmentBytes,
      compression: options.walCompression,
      checkpoint: listCheckpoints(walDirectory).at(-1)?.number ?? -1,
    });
    head.attachLog(wal);
    return { blocks, head, wal, report, pause };
  } catch (error) {
    blocks.close();
    if (!(error instanceof NumberRangeError)) throw error;
    throw new DirectoryError(
      "LINKLIGHT_TSDB_UNSUPPORTED_RECORD",
      `${error.message} and cannot be stored: let Prometheus bring it into blocks first`,
      { cause: error },
    );
  }
}

/** Prometheus' own memory of the head: everything in it is in the log too, and its refs may be given again. */
async function removeHeadMemory(directory: string): Promise<void> {
  for (const name of readdirSync(directory))
    if (name === "chunks_head" || name.startsWith("chunk_snapshot."))
      await rm(join(directory, name), { recursive: true });
}

function tell(report: ReplayReport, logger: Logger | undefined): void {
  for (const { error, bytesDropped, segmentsDropped } of report.damage)
    logger?.warn("the write-ahead log was damaged, and is cut there", {
      error: error.message,
      bytesDropped,
      segmentsDropped,
    });
  for (const [name, count] of report.unread)
    logger?.warn("records of the write-ahead log that are not supported", { name, count });
}

function refuseUnread(walDirectory: string, report: ReplayReport): void {
  const needed = [...report.unread.keys()].filter((name) => !DISPENSABLE.has(name));
  if (needed.length > 0)
    throw new DirectoryError(
      "LINKLIGHT_TSDB_UNSUPPORTED_RECORD",
      `${walDirectory}: holds ${needed.join(" and ")}, which cannot be stored yet and would be lost: let Prometheus bring them into blocks first`,
    );
}
