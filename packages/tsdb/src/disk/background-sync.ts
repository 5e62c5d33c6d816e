import { closeSync, fsync, fsyncSync } from "node:fs";
import { promisify } from "node:util";
import { syncDirectory, syncDirectoryNow } from "./sync-directory.ts";

const fsyncInTurns = promisify(fsync);

/** Something that is on its way to the disk. */
interface Underway {
  /** The same at once. */
  readonly now: () => void;
  readonly done: Promise<void>;
}

/**
 * Forces finished files and changed directories to the disk while the process goes on: an fsync may take a tenth of a
 * second on a busy disk. An error is told to whoever asks next, once.
 */
export class BackgroundSync {
  readonly #underway = new Set<Underway>();
  #failures: unknown[] = [];

  /** Syncs a file that takes no more bytes, and closes it, whatever comes. */
  file(descriptor: number): void {
    this.#begin(
      fsyncInTurns(descriptor),
      () => fsyncSync(descriptor),
      () => closeSync(descriptor),
    );
  }

  directory(path: string): void {
    this.#begin(
      syncDirectory(path),
      () => syncDirectoryNow(path),
      () => {},
    );
  }

  /** Throws the first error of those that nobody was told of. */
  check(): void {
    const [first] = this.#failures;
    this.#failures = [];
    if (first !== undefined) throw first;
  }

  /** Makes sure, before it returns, that everything is on the disk. */
  finishNow(): void {
    for (const { now } of this.#underway) now();
    this.check();
  }

  /** The same, while others go on. What is added meanwhile is not waited for. */
  async finish(): Promise<void> {
    await Promise.all([...this.#underway].map(({ done }) => done));
    this.check();
  }

  #begin(sync: Promise<void>, now: () => void, end: () => void): void {
    // In one step: nobody may find it underway and closed.
    const settle = () => {
      this.#underway.delete(one);
      try {
        end();
      } catch (error) {
        // Nobody may be waiting: a rejection would end the process.
        this.#failures.push(error);
      }
    };
    const fail = (error: unknown) => {
      this.#failures.push(error);
      settle();
    };
    const one: Underway = { now, done: sync.then(settle, fail) };
    this.#underway.add(one);
  }
}
