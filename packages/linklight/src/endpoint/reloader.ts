import type { Logger } from "@linklight/model";
import { CollectorFileError } from "../collector-file/collector-file-error.ts";
import { FileWatch } from "../collector-file/file-watch.ts";
import { explainFailure } from "../failure.ts";
import { closeCollector } from "./close-collector.ts";
import type { CollectorSet } from "./collector-set.ts";
import { type Member, type MemberFile, openFileMember } from "./member.ts";

/**
 * Keeps the collectors that come from files up to date with their files. A file that became wrong changes
 * nothing but the log, which says what is wrong with it, once.
 */
export class Reloader {
  readonly #set: CollectorSet;
  readonly #logger: Logger;
  readonly #watches: FileWatch[] = [];
  /** Reloads one after the other: each begins with the set that the one before left. */
  #queue: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(set: CollectorSet, logger: Logger) {
    this.#set = set;
    this.#logger = logger;
    for (const { source, file } of set.members) {
      if (file !== undefined) this.#keepUpToDate(source, file);
    }
    if (this.#watches.length === 0) {
      logger.warn("--watch has nothing to watch: no --collector is a file");
    }
  }

  /** Stops watching; a reload under way changes nothing any more. */
  close(): void {
    this.#isClosed = true;
    for (const watch of this.#watches) watch.close();
  }

  #keepUpToDate(source: string, file: MemberFile): void {
    let files = file.files;
    let lastProblem: string | undefined;
    const watch = new FileWatch(() => {
      this.#queue = this.#queue.then(async () => {
        const readAt = Date.now();
        const outcome = await this.#reload(source);
        if (this.#isClosed) return;
        if (outcome.problem !== undefined && outcome.problem !== lastProblem) {
          this.#logger.error(`${outcome.problem}; the collector goes on as it was`);
        }
        lastProblem = outcome.problem;
        // After a failure it may be the old files that are mended, or a missing one that is made.
        files =
          outcome.problem === undefined
            ? outcome.files
            : [...new Set([...files, ...outcome.files])];
        watch.watch(files, { readAt, andFolders: outcome.problem !== undefined });
      });
    });
    watch.watch(files, { readAt: file.loadedAt });
    this.#watches.push(watch);
  }

  async #reload(source: string): Promise<Outcome> {
    let member: Member | undefined;
    try {
      member = await openFileMember(source);
      const files = member.file?.files ?? [];
      if (this.#isClosed) {
        await closeCollector(member.collector, this.#logger);
        return { files };
      }
      this.#set.replace(member);
      this.#logger.info(`loaded ${source} again: collector ${member.collector.name}`);
      return { files };
    } catch (error) {
      if (member !== undefined) await closeCollector(member.collector, this.#logger);
      const files = error instanceof CollectorFileError ? error.files : (member?.file?.files ?? []);
      return { files, problem: explainFailure(error, false).replace(/\n[\s\S]*/, "") };
    }
  }
}

/** How a reload went: which files were read, and what was wrong. */
interface Outcome {
  readonly files: readonly string[];
  readonly problem?: string;
}
