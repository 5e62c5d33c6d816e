import type { Logger, Matcher } from "@linklight/model";
import type { Block } from "../block/block-reader.ts";
import type { BlockSet, BlockSetAside } from "../block/block-set.ts";
import type { Interval } from "../chunk/trim.ts";
import { Compactor } from "../compaction/compactor.ts";
import { directoryBytes } from "../disk/directory-bytes.ts";
import { HeadAppender } from "../head/appender.ts";
import type { Head } from "../head/head.ts";
import type { ReplayReport } from "../head/replay.ts";
import { Querier } from "../query/querier.ts";
import type { ReadableSeries, Selection } from "../query/select.ts";
import type { WalWriter } from "../wal/wal-writer.ts";
import { DbUnusableError } from "./db-error.ts";
import { type CompleteDbOptions, completeOptions, type DbOptions } from "./db-options.ts";
import { prepareDirectory } from "./directory.ts";
import { type DirectoryLock, lockDirectory } from "./lock.ts";
import { type DbParts, openParts } from "./open-parts.ts";

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
  readonly #walSync: "segment" | "commit";
  readonly #logger: Logger | undefined;
  readonly #head: Head;
  readonly #wal: WalWriter;
  readonly #blocks: BlockSet;
  readonly #querier: Querier;
  readonly #lock: DirectoryLock;
  readonly #compactor: Compactor;
  /** Jobs that change blocks come one after the other. */
  #jobs: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setInterval> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    directory: string,
    options: CompleteDbOptions,
    logger: Logger | undefined,
    lock: DirectoryLock,
    { report, head, wal, blocks, pause }: DbParts,
  ) {
    this.directory = directory;
    this.replayReport = report;
    this.#walSync = options.walSync;
    this.#logger = logger;
    this.#head = head;
    this.#wal = wal;
    this.#blocks = blocks;
    this.#querier = new Querier(head, () => blocks.blocks);
    this.#lock = lock;
    this.#compactor = new Compactor({ directory, head, wal, blocks, pause, logger }, options, {
      segmentBytes: options.walSegmentBytes,
      compression: options.walCompression,
    });
    if (!options.autoCompaction) return;
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
      const parts = await openParts(directory, complete, options.logger);
      return new Db(directory, complete, options.logger, lock, parts);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Takes samples: see {@link HeadAppender}. */
  appender(): HeadAppender {
    this.#refuseClosed();
    return new HeadAppender(this.#head, {
      beforeCommit: () => {
        this.#refuseClosed();
        this.#refuseUnlocked();
      },
      ...(this.#walSync === "commit" && { log: this.#wal }),
    });
  }

  /**
   * Forces to the disk what was committed, while the process goes on: when it is done, that survives the end of the
   * machine as well, whatever `walSync` says.
   */
  async sync(): Promise<void> {
    this.#refuseClosed();
    await this.#wal.sync();
  }

  /** The series that satisfy all matchers and may have samples in the time, ascending by labels. */
  async select(selection: Selection): Promise<{ readonly series: readonly ReadableSeries[] }> {
    this.#refuseClosed();
    return this.#querier.select(selection);
  }

  async labelNames(selection: Selection): Promise<string[]> {
    this.#refuseClosed();
    return this.#querier.labelNames(selection);
  }

  async labelValues(name: string, selection: Selection): Promise<string[]> {
    this.#refuseClosed();
    return this.#querier.labelValues(name, selection);
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
   * the disk with the next compaction of their block, or with `cleanTombstones`. Throws RangeError for an interval
   * that ends before it begins.
   */
  async deleteSeries(matchers: readonly Matcher[], { minTime, maxTime }: Interval): Promise<void> {
    if (!(minTime <= maxTime))
      throw new RangeError(
        `interval from ${minTime} to ${maxTime}: expected one that ends after its beginning`,
      );
    // Samples have whole milliseconds, and so has the log.
    const interval = { minTime: Math.ceil(minTime), maxTime: Math.floor(maxTime) };
    await this.#inTurn(async () => {
      const deleted = this.#head.delete(matchers, interval);
      if (deleted > 0 && this.#walSync === "commit") await this.#wal.sync();
      for (const block of this.#blocks.blocks)
        if (block.minTime <= interval.maxTime && block.maxTime >= interval.minTime)
          await block.delete(matchers, interval);
    });
  }

  /** Writes every block anew of which something is deleted. */
  cleanTombstones(): Promise<void> {
    return this.#inTurn(() => this.#compactor.cleanTombstones());
  }

  /**
   * Does what there is to do: makes blocks of the head while it reaches over one and a half ranges, larger blocks of
   * small ones, removes what the retention does not keep.
   */
  compact(): Promise<void> {
    return this.#inTurn(() => this.#compactor.compact());
  }

  /** Ends all jobs, closes all files, gives the lock back. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#jobs.catch(() => {});
    try {
      await this.#wal.close();
    } finally {
      this.#blocks.close();
      await this.#lock.release();
    }
  }

  async #inTurn(job: () => Promise<void>): Promise<void> {
    this.#refuseClosed();
    const turn = this.#jobs
      .catch(() => {})
      .then(() => {
        this.#refuseUnlocked();
        return job();
      });
    this.#jobs = turn;
    await turn;
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined)
      throw new DbUnusableError("LINKLIGHT_TSDB_CLOSED", this.directory);
  }

  #refuseUnlocked(): void {
    if (!this.#lock.isHeld) throw new DbUnusableError("LINKLIGHT_TSDB_LOCK_LOST", this.directory);
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
}
