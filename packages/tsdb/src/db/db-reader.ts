import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isValid } from "ulid";
import type { Block } from "../block/block-reader.ts";
import { BlockSet, type BlockSetAside } from "../block/block-set.ts";
import { PageCache } from "../disk/page-cache.ts";
import { Head } from "../head/head.ts";
import { type ReplayReport, replay } from "../head/replay.ts";
import { Querier } from "../query/querier.ts";
import type { ReadableSeries, Selection } from "../query/select.ts";
import { Pause } from "../turns/pause.ts";
import { listCheckpoints } from "../wal/checkpoint.ts";
import { completeOptions } from "./db-options.ts";
import { DirectoryError, refuseForeign } from "./directory.ts";

/** How often a directory is read that changes under it: compactions take longer than reading, and come once a minute. */
const ATTEMPTS = 10;

/**
 * The directory of a database, only to be read: nothing on the disk is changed, and no lock is taken, so that it may be
 * open elsewhere, as promtool does it. Shows what was there when it was opened.
 */
export class DbReader {
  readonly directory: string;
  /** What was found in the log; damage is not repaired. */
  readonly replayReport: ReplayReport;
  readonly #blocks: BlockSet;
  readonly #served: readonly Block[];
  readonly #querier: Querier;

  private constructor(directory: string, blocks: BlockSet, head: Head, report: ReplayReport) {
    this.directory = directory;
    this.replayReport = report;
    this.#blocks = blocks;
    this.#served = blocks.blocks;
    this.#querier = new Querier(head, () => this.#served);
  }

  /** Throws DirectoryError when there is no such directory, or none that can be read. */
  static async open(directory: string): Promise<DbReader> {
    try {
      refuseForeign(directory, readdirSync(directory));
    } catch (cause) {
      if (cause instanceof DirectoryError) throw cause;
      throw new DirectoryError(
        "LINKLIGHT_TSDB_DIRECTORY",
        (cause as NodeJS.ErrnoException).code === "ENOENT"
          ? `${directory}: there is no such directory`
          : `${directory}: cannot be read: ${(cause as Error).message}`,
        { cause },
      );
    }
    for (let left = ATTEMPTS; ; left--) {
      const before = contentsOf(directory);
      const found = await DbReader.#read(directory).catch((error: unknown) => ({ error }));
      // Whoever has it open has put samples elsewhere meanwhile: they may have been missed in both places.
      if (left > 1 && contentsOf(directory) !== before) {
        if (found instanceof DbReader) found.close();
        continue;
      }
      if (found instanceof DbReader) return found;
      throw found.error;
    }
  }

  static async #read(directory: string): Promise<DbReader> {
    const blocks = new BlockSet(directory, new PageCache(), undefined);
    try {
      const pause = new Pause();
      await blocks.open(pause);
      const head = new Head(completeOptions({}).minBlockDurationMs);
      if (blocks.maxTime !== undefined) head.setMinValidTime(blocks.maxTime);
      const report = await replay(join(directory, "wal"), head, pause, { repair: false });
      return new DbReader(directory, blocks, head, report);
    } catch (error) {
      blocks.close();
      throw error;
    }
  }

  /** Oldest first. */
  get blocks(): readonly Block[] {
    return this.#served;
  }

  /** The ULIDs of blocks that reach into each other's time, in groups. */
  get overlaps(): readonly (readonly string[])[] {
    return this.#blocks.overlaps;
  }

  get blocksSetAside(): readonly BlockSetAside[] {
    return this.#blocks.setAside;
  }

  select(selection: Selection): Promise<{ readonly series: readonly ReadableSeries[] }> {
    return this.#querier.select(selection);
  }

  labelNames(selection: Selection): Promise<string[]> {
    return this.#querier.labelNames(selection);
  }

  labelValues(name: string, selection: Selection): Promise<string[]> {
    return this.#querier.labelValues(name, selection);
  }

  close(): void {
    this.#blocks.close();
  }
}

/** What changes when samples move from the log into a block, or from block to block. */
function contentsOf(directory: string): string {
  const blocks = readdirSync(directory).filter((name) => isValid(name));
  const checkpoints = listCheckpoints(join(directory, "wal")).map(({ path }) => path);
  return [...blocks.sort(), ...checkpoints].join();
}
