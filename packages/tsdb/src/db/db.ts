import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Logger, Matcher } from "@linklight/model";
import type { Block } from "../block/block-reader.ts";
import { writeTombstones } from "../block/tombstones.ts";
import { UnsupportedChunkError } from "../chunk/encodings.ts";
import type { Interval } from "../chunk/trim.ts";
import { compactionRanges, planCompaction } from "../compaction/compaction-plan.ts";
import { writeHeadBlock } from "../compaction/head-block.ts";
import { mergeBlocks } from "../compaction/merge-blocks.ts";
import { expiredBlocks } from "../compaction/retention.ts";
import { PageCache } from "../disk/page-cache.ts";
import { syncDirectory } from "../disk/sync-directory.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import { HeadAppender } from "../head/appender.ts";
import { Head } from "../head/head.ts";
import { rangeEnd } from "../head/memory-series.ts";
import { type ReplayReport, replay } from "../head/replay.ts";
import { Pause } from "../turns/pause.ts";
import { listCheckpoints, writeCheckpoint } from "../wal/checkpoint.ts";
import { listSegments } from "../wal/segments.ts";
import { WalWriter } from "../wal/wal-writer.ts";
import { BlockSet, type BlockSetAside } from "./block-set.ts";
import { completeOptions, type DbOptions } from "./db-options.ts";
import { DirectoryError, prepareDirectory } from "./directory.ts";
import { type DirectoryLock, lockDirectory } from "./lock.ts";
import { labelNamesFrom, labelValuesFrom, selectFrom } from "./querier.ts";
import type { ReadableSeries, Selection, SeriesSource } from "./select.ts";

/** How often a database looks whether there is something to compact, in ms: Prometheus' minute. */
const COMPACTION_INTERVAL_MS = 60_000;

/** What a database holds. */
export interface DbStats {
  readonly headSeries: number;
  readonly headMinTime: number;
  readonly headMaxTime: number;
  readonly samplesAppended: number;
  readonly blocks: number;
  readonly blockBytes: number;
  readonly walBytes: number;
}

/**
 * A time series database in a directory, in Prometheus' own format: Prometheus can go on with it, and the other way
 * round, one after the other.
 *
 * ```ts
 * const db = await Db.open("data");
 * const appender = db.appender();
 * appender.append({ __name__: "up", instance: "leaf1" }, Date.now(), 1);
 * appender.commit();
 * await db.close();
 * ```
 */
export class Db {
  readonly directory: string;
  /** What was found in the log when the database was opened. */
  readonly replayReport: ReplayReport;
  readonly #options: ReturnType<typeof completeOptions>;
  readonly #logger: Logger | undefined;
  readonly #head: Head;
  readonly #wal: WalWriter;
  readonly #blocks: BlockSet;
  readonly #lock: DirectoryLock;
  readonly #pause = new Pause();
  /** Jobs that change blocks come one after the other. */
  #jobs: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  private constructor(parts: OpenedParts) {
    this.directory = parts.directory;
    this.replayReport = parts.report;
    this.#options = parts.options;
    this.#logger = parts.logger;
    this.#head = parts.head;
    this.#wal = parts.wal;
    this.#blocks = parts.blocks;
    this.#lock = parts.lock;
    if (!this.#options.autoCompaction) return;
    this.#timer = setInterval(() => void this.#compactByItself(), COMPACTION_INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * Opens a directory, made when there is none; repairs what a crash left, and replays the log. Throws
   * DirectoryLockedError, DirectoryError for a directory that cannot be used, CorruptionError for a log that is
   * written in another format.
   */
  static async open(directory: string, options: DbOptions = {}): Promise<Db> {
    const complete = completeOptions(options);
    prepareDirectory(directory);
    const lock = await lockDirectory(directory);
    try {
      return new Db(await openParts(directory, complete, options.logger, lock));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Takes samples: see {@link HeadAppender}. */
  appender(): HeadAppender {
    return new HeadAppender(this.#head, this.#options.walSync === "commit" ? this.#wal : undefined);
  }

  /** The series that satisfy all matchers and may have samples in the time, ascending by labels. */
  select(selection: Selection): { readonly series: readonly ReadableSeries[] } {
    return { series: selectFrom(this.#sources(), selection) };
  }

  labelNames(selection: Selection): string[] {
    return labelNamesFrom(this.#sources(), selection);
  }

  labelValues(name: string, selection: Selection): string[] {
    return labelValuesFrom(this.#sources(), name, selection);
  }

  /** The blocks, oldest first. */
  get blocks(): readonly Block[] {
    return this.#blocks.blocks;
  }

  /** Blocks that cannot be read, and why. */
  get blocksSetAside(): readonly BlockSetAside[] {
    return this.#blocks.setAside;
  }

  get head(): Head {
    return this.#head;
  }

  stats(): DbStats {
    return {
      headSeries: this.#head.seriesCount,
      headMinTime: this.#head.minTime,
      headMaxTime: this.#head.maxTime,
      samplesAppended: this.#head.samplesAppended,
      blocks: this.#blocks.blocks.length,
      blockBytes: this.#blocks.size,
      walBytes: directoryBytes(this.#wal.directory),
    };
  }

  /**
   * Deletes the samples of matching series within the interval: they are not read any more from now on, and gone from
   * the disk with the next compaction of their block, or with `cleanTombstones`.
   */
  deleteSeries(matchers: readonly Matcher[], interval: Interval): Promise<void> {
    return this.#inTurn(async () => {
      this.#head.delete(matchers, interval);
      for (const block of this.#blocks.blocks)
        if (block.minTime <= interval.maxTime && block.maxTime >= interval.minTime)
          deleteFromBlock(block, matchers, interval);
    });
  }

  /** Writes every block anew of which something is deleted. */
  cleanTombstones(): Promise<void> {
    return this.#inTurn(async () => {
      for (const block of this.#blocks.blocks)
        if (block.tombstones.count > 0) await this.#merge([block]);
    });
  }

  /**
   * Does what there is to do: makes blocks of the head while it reaches over one and a half ranges, larger blocks of
   * small ones, removes what the retention does not keep.
   */
  compact(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        while (this.#headIsDue()) await this.#compactHead();
        await this.#compactBlocks();
      } finally {
        // Also after an error: on a full disk this is what makes room.
        this.#blocks.remove(this.#expired());
      }
    });
  }

  async #compactBlocks(): Promise<void> {
    const { minBlockDurationMs, maxBlockDurationMs } = this.#options;
    const ranges = compactionRanges(minBlockDurationMs, maxBlockDurationMs);
    for (;;) {
      const metas = this.#blocks.blocks.map(({ meta }) => meta);
      const planned = new Set(planCompaction(metas, ranges).map(({ ulid }) => ulid));
      if (planned.size === 0) return;
      await this.#mergeIfReadable(this.#blocks.blocks.filter(({ meta }) => planned.has(meta.ulid)));
    }
  }

  /** Blocks that cannot be read are marked, as Prometheus does it, so that they do not hold up all others for ever. */
  async #mergeIfReadable(blocks: readonly Block[]): Promise<void> {
    try {
      await this.#merge(blocks);
    } catch (error) {
      if (!(error instanceof CorruptionError || error instanceof UnsupportedChunkError))
        throw error;
      this.#logger?.error("blocks cannot be compacted and stay as they are", {
        blocks: blocks.map(({ meta }) => meta.ulid).join(", "),
        error: error.message,
      });
      for (const block of blocks)
        block.setMeta({
          ...block.meta,
          compaction: { ...block.meta.compaction, failed: true },
        });
    }
  }

  /** Ends all jobs, closes all files, gives the lock back. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#jobs.catch(() => {});
    try {
      this.#wal.close();
    } finally {
      this.#blocks.close();
      await this.#lock.release();
    }
  }

  #sources(): SeriesSource[] {
    return [...this.#blocks.blocks, this.#head];
  }

  #inTurn(job: () => Promise<void>): Promise<void> {
    const turn = this.#jobs.catch(() => {}).then(job);
    this.#jobs = turn;
    return turn;
  }

  async #compactByItself(): Promise<void> {
    try {
      await this.compact();
    } catch (error) {
      this.#logger?.error("compaction failed and is tried again in a minute", {
        err: error,
        directory: this.directory,
      });
    }
  }

  #headIsDue(): boolean {
    return this.#head.maxTime - this.#head.minTime > 1.5 * this.#head.chunkRangeMs;
  }

  async #compactHead(): Promise<void> {
    const { minTime } = this.#head;
    const maxTime = rangeEnd(minTime, this.#head.chunkRangeMs);
    // What an appender still holds of this time would come too late for the block.
    this.#head.setMinValidTime(maxTime);
    await this.#head.settle(this.#pause);
    const meta = await writeHeadBlock(this.directory, this.#head, minTime, maxTime, this.#pause);
    if (meta !== undefined)
      this.#logger?.info("made a block of the head", { ...meta.stats, ulid: meta.ulid });
    // First the block is served, and only then what it holds is forgotten.
    await this.#blocks.prepare(this.#pause);
    this.#blocks.reload();
    await this.#head.truncate(maxTime, this.#pause);
    await this.#truncateLog(maxTime);
  }

  /** Two thirds of the segments go into a checkpoint, so that the newest stay as they are. */
  async #truncateLog(minTime: number): Promise<void> {
    this.#wal.cut();
    const segments = listSegments(this.#wal.directory);
    const first = segments[0]?.number ?? 0;
    const last = first + Math.floor(((this.#wal.segment - 1 - first) * 2) / 3);
    if (last <= first) return;
    await writeCheckpoint(
      this.#wal.directory,
      last,
      { minTime, needsRef: (ref) => this.#head.needsRef(ref, last) },
      this.#pause,
      { segmentBytes: this.#options.walSegmentBytes, compression: this.#options.walCompression },
    );
    this.#head.forgetRefsUpTo(last);
  }

  async #merge(blocks: readonly Block[]): Promise<void> {
    const meta = await mergeBlocks(this.directory, blocks, this.#pause);
    if (meta === undefined) this.#blocks.remove(blocks);
    else {
      this.#logger?.info("made one block of several", {
        ulid: meta.ulid,
        parents: blocks.length,
        ...meta.stats,
      });
      await this.#blocks.prepare(this.#pause);
      this.#blocks.reload();
    }
  }

  #expired(): Block[] {
    const { retentionMs, retentionBytes } = this.#options;
    const expired = expiredBlocks(this.#blocks.blocks, {
      retentionMs,
      retentionBytes,
      otherBytes: retentionBytes === 0 ? 0 : directoryBytes(this.#wal.directory),
    });
    for (const { meta } of expired)
      this.#logger?.info("removing a block that the retention does not keep", { ulid: meta.ulid });
    return expired;
  }
}

interface OpenedParts {
  readonly directory: string;
  readonly options: ReturnType<typeof completeOptions>;
  readonly logger: Logger | undefined;
  readonly lock: DirectoryLock;
  readonly blocks: BlockSet;
  readonly head: Head;
  readonly wal: WalWriter;
  readonly report: ReplayReport;
}

/** Records without which nothing that was acknowledged is lost: exemplars are kept in memory only anyway. */
const DISPENSABLE = new Set(["exemplars", "markers of memory-mapped chunks"]);

async function openParts(
  directory: string,
  options: OpenedParts["options"],
  logger: Logger | undefined,
  lock: DirectoryLock,
): Promise<OpenedParts> {
  const blocks = new BlockSet(directory, new PageCache(options.cacheBytes), logger);
  try {
    const pause = new Pause();
    blocks.removeLeftovers();
    await blocks.prepare(pause);
    blocks.reload();
    const head = new Head(options.minBlockDurationMs);
    if (blocks.maxTime !== undefined) head.setMinValidTime(blocks.maxTime);
    const walDirectory = join(directory, "wal");
    const report = await replay(walDirectory, head, pause);
    await head.settle(pause);
    tell(report, logger);
    refuseUnread(directory, report);
    // Prometheus' own memory of the head: everything in it is in the log too, and its refs may be given again.
    for (const name of readdirSync(directory))
      if (name === "chunks_head" || name.startsWith("chunk_snapshot."))
        rmSync(join(directory, name), { recursive: true });
    const wal = new WalWriter(walDirectory, {
      segmentBytes: options.walSegmentBytes,
      compression: options.walCompression,
      checkpoint: listCheckpoints(walDirectory).at(-1)?.number ?? -1,
    });
    head.attachLog(wal);
    return { directory, options, logger, lock, blocks, head, wal, report };
  } catch (error) {
    blocks.close();
    throw error;
  }
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

function refuseUnread(directory: string, report: ReplayReport): void {
  const needed = [...report.unread.keys()].filter((name) => !DISPENSABLE.has(name));
  if (needed.length > 0)
    throw new DirectoryError(
      "LINKLIGHT_TSDB_UNSUPPORTED_RECORD",
      `${join(directory, "wal")}: holds ${needed.join(" and ")}, which cannot be stored yet and would be lost: let Prometheus bring them into blocks first`,
    );
}

function deleteFromBlock(block: Block, matchers: readonly Matcher[], interval: Interval): void {
  const { tombstones } = block;
  let added = false;
  for (const { ref, chunks } of block.seriesOf(matchers)) {
    const minTime = Math.max(interval.minTime, chunks[0]?.minTime ?? Number.POSITIVE_INFINITY);
    const maxTime = Math.min(interval.maxTime, chunks.at(-1)?.maxTime ?? Number.NEGATIVE_INFINITY);
    if (minTime > maxTime) continue;
    tombstones.add(ref, { minTime, maxTime });
    added = true;
  }
  if (!added) return;
  const path = join(block.directory, "tombstones");
  rmSync(`${path}.tmp`, { force: true });
  writeTombstones(`${path}.tmp`, tombstones);
  renameSync(`${path}.tmp`, path);
  syncDirectory(block.directory);
  const stats = { ...block.meta.stats, numTombstones: tombstones.count };
  block.setMeta({ ...block.meta, stats });
}

/** The bytes of all files of a directory and of the directories in it. */
function directoryBytes(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
