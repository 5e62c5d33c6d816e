import { existsSync, readdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Logger } from "@linklight/model";
import { isValid } from "ulid";
import { type BlockCompaction, type BlockMeta, readBlockMeta } from "../block/block-meta.ts";
import { Block } from "../block/block-reader.ts";
import type { PageCache } from "../disk/page-cache.ts";
import { syncDirectory } from "../disk/sync-directory.ts";
import type { Pause } from "../turns/pause.ts";
import { overlapsOf } from "./overlaps.ts";
import { SeriesCache } from "./series-cache.ts";

/** A directory that is being removed bears this suffix, so that a crash leaves no half block. */
const DELETION_SUFFIX = ".tmp-for-deletion";
const LEFTOVERS = [".tmp-for-creation", DELETION_SUFFIX, ".tmp"];

/** Twice Prometheus' `--query.timeout`: by then nobody reads a block that is gone. */
const LONGEST_QUERY_MS = 4 * 60_000;

/** A block that cannot be read: it is left where it is, and not served. */
export interface BlockSetAside {
  readonly directory: string;
  readonly error: Error;
  /** What its meta.json says, when that can be read. */
  readonly meta: BlockMeta | undefined;
}

/** The blocks of a database's directory, open for reading. */
export class BlockSet {
  readonly #directory: string;
  readonly #cache: PageCache;
  readonly #series = new SeriesCache();
  readonly #logger: Logger | undefined;
  #blocks: readonly Block[] = [];
  readonly #toldOverlaps = new Set<string>();
  #setAside: readonly BlockSetAside[] = [];
  /** Removed blocks that a query may still read, and when they were removed. */
  #retired: readonly { readonly block: Block; readonly at: number }[] = [];

  constructor(directory: string, cache: PageCache, logger: Logger | undefined) {
    this.#directory = directory;
    this.#cache = cache;
    this.#logger = logger;
  }

  /** Oldest first. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get setAside(): readonly BlockSetAside[] {
    return this.#setAside;
  }

  /** The ULIDs of blocks that reach into each other's time, in groups: they are read together. */
  get overlaps(): readonly (readonly string[])[] {
    const metas = this.#blocks.map(({ meta }) => meta);
    const replaced = new Set(metas.flatMap(({ compaction }) => parentsOf(compaction)));
    const kept = metas.filter(({ ulid }) => !replaced.has(ulid));
    return overlapsOf(kept).map((group) => group.map(({ ulid }) => ulid));
  }

  /** How many bytes all blocks take. */
  get size(): number {
    return this.#blocks.reduce((sum, block) => sum + block.size, 0);
  }

  /** The end of the newest block, exclusive, those set aside included; undefined when there is none. */
  get maxTime(): number | undefined {
    const metas = [...this.#blocks, ...this.#setAside].flatMap(({ meta }) => meta ?? []);
    return metas.length === 0 ? undefined : Math.max(...metas.map(({ maxTime }) => maxTime));
  }

  /** Removes what a crash left of blocks that were being made or removed. */
  async removeLeftovers(): Promise<void> {
    for (const name of readdirSync(this.#directory)) {
      if (!LEFTOVERS.some((suffix) => name.endsWith(suffix)) || !isValid(name.slice(0, 26)))
        continue;
      this.#logger?.info("removing what an interrupted job left", { directory: name });
      await rm(join(this.#directory, name), { recursive: true });
    }
  }

  /** Opens new blocks, in turns, and removes those that others replace or that are marked for it. */
  async reload(pause: Pause): Promise<void> {
    await this.remove(await this.open(pause));
  }

  /**
   * Opens new blocks, in turns, and changes nothing on the disk: then all of them are there at once. Returns those that
   * others replace or that are to be removed.
   */
  async open(pause: Pause): Promise<readonly Block[]> {
    const open = new Map(this.#blocks.map((block) => [block.directory, block]));
    const known = new Map(this.#setAside.map((one) => [one.directory, one]));
    const blocks: Block[] = [];
    const setAside: BlockSetAside[] = [];
    for (const name of readdirSync(this.#directory).filter((one) => isValid(one))) {
      const directory = join(this.#directory, name);
      const aside = known.get(directory);
      if (aside !== undefined) setAside.push(aside);
      else
        try {
          blocks.push(open.get(directory) ?? (await this.#openOne(directory, pause)));
        } catch (error) {
          setAside.push(this.#aside(directory, error as Error));
        }
    }
    blocks.sort((a, b) => a.minTime - b.minTime || a.meta.maxTime - b.meta.maxTime);
    // Somebody has moved their directories away.
    this.#retire(this.#blocks.filter((block) => !blocks.includes(block)));
    this.#blocks = blocks;
    this.#setAside = setAside;
    this.#tellOverlaps();
    const replaced = new Set(blocks.flatMap(({ meta }) => parentsOf(meta.compaction)));
    return blocks.filter(
      ({ meta }) => meta.compaction.deletable === true || replaced.has(meta.ulid),
    );
  }

  /**
   * Removes blocks: their names first, in one step each, then their bytes. Queries that have begun may go on
   * reading them for a while.
   */
  async remove(gone: readonly Block[]): Promise<void> {
    const now = performance.now();
    for (const { block, at } of this.#retired) if (now - at >= LONGEST_QUERY_MS) block.close();
    this.#retired = this.#retired.filter(({ at }) => now - at < LONGEST_QUERY_MS);
    if (gone.length === 0) return;
    this.#blocks = this.#blocks.filter((block) => !gone.includes(block));
    this.#retire(gone);
    for (const block of gone) await this.#removeDirectory(block.directory);
  }

  /**
   * Throws when a block that was just written could not be opened, and removes it: what it was to replace is still
   * there, and it would be written again and again.
   */
  async checkWritten(ulid: string): Promise<void> {
    const aside = this.#setAside.find((one) => basename(one.directory) === ulid);
    if (aside === undefined) return;
    this.#setAside = this.#setAside.filter((one) => one !== aside);
    await this.#removeDirectory(aside.directory);
    throw new Error(`${aside.directory}: was written and cannot be read: ${aside.error.message}`, {
      cause: aside.error,
    });
  }

  close(): void {
    for (const block of this.#blocks) block.close();
    for (const { block } of this.#retired) block.close();
    this.#blocks = [];
    this.#retired = [];
  }

  #retire(gone: readonly Block[]): void {
    const at = performance.now();
    this.#retired = [...this.#retired, ...gone.map((block) => ({ block, at }))];
  }

  async #removeDirectory(directory: string): Promise<void> {
    const doomed = directory + DELETION_SUFFIX;
    await rm(doomed, { recursive: true, force: true });
    await rename(directory, doomed);
    await syncDirectory(this.#directory);
    await rm(doomed, { recursive: true });
  }

  /** Each group once. */
  #tellOverlaps(): void {
    for (const group of this.overlaps) {
      const blocks = group.join(", ");
      if (this.#toldOverlaps.has(blocks)) continue;
      this.#toldOverlaps.add(blocks);
      this.#logger?.warn("blocks overlap in time: they are read together, and not compacted", {
        blocks,
      });
    }
  }

  #openOne(directory: string, pause: Pause): Promise<Block> {
    return Block.open(directory, this.#cache, this.#series, pause);
  }

  #aside(directory: string, error: Error): BlockSetAside {
    this.#logger?.error("a block cannot be read and is not served: restore it, or move it away", {
      block: directory,
      error: error.message,
    });
    return { directory, error, meta: metaIfReadable(directory) };
  }
}

function parentsOf({ parents = [] }: BlockCompaction): string[] {
  return parents.map(({ ulid }) => ulid);
}

function metaIfReadable(directory: string): BlockMeta | undefined {
  try {
    return existsSync(join(directory, "meta.json")) ? readBlockMeta(directory) : undefined;
  } catch {
    return undefined;
  }
}
