import { assert, Labels, type LabelsLike, writeStaleMarker } from "@linklight/model";
import { duplicate, outOfBounds, outOfOrder } from "./append-error.ts";
import type { Head } from "./head.ts";
import type { MemorySeries } from "./memory-series.ts";
import type { MetricMetadata } from "./metadata.ts";
import { SampleBatch } from "./sample-batch.ts";

const STALE = new Float64Array(1);

/** What a series is called while the database is open; valid until the series is gone. */
export type SeriesRef = number;

/** What belongs to a commit beside the samples. */
export interface CommitOptions {
  /** Throws where nothing may be stored. */
  readonly beforeCommit?: () => void;
  /** Forced to the disk with each commit. */
  readonly log?: { syncNow(): void };
}

/**
 * Takes the samples of one scrape, or of one write: all of them are stored by `commit`, or none.
 *
 * ```ts
 * const appender = db.appender();
 * const ref = appender.append({ __name__: "up", instance: "leaf1" }, Date.now(), 1);
 * appender.appendRef(ref, Date.now() + 15_000, 1);
 * appender.commit();
 * ```
 * A sample that is refused (AppendError) leaves the others alone. An appender is used once, and ended by `commit` or
 * `rollback`: the head keeps the series of one that waits.
 */
export class HeadAppender {
  readonly #head: Head;
  readonly #commits: CommitOptions;
  readonly #samples = new SampleBatch();
  readonly #metadata = new Map<MemorySeries, MetricMetadata>();
  #ended = false;
  /** How many samples a commit has stored that could not be forced to the disk. */
  #unsynced: number | undefined;

  constructor(head: Head, commits: CommitOptions = {}) {
    this.#head = head;
    this.#commits = commits;
  }

  /**
   * Adds a sample: `timestamp` in whole ms, any float, the staleness marker among them. Throws AppendError
   * when it is out of order, out of bounds, another value for the same time, or of labels that no series can have.
   */
  append(labels: LabelsLike, timestamp: number, value: number): SeriesRef {
    const set = Labels.from(labels);
    // Before a series is made for it.
    this.#check(timestamp, value);
    const series = this.#head.getOrCreate(set);
    this.#add(series, timestamp, value);
    return series.ref;
  }

  /** Adds a sample to a series that `append` has returned. False when that series is gone: then append by its labels. */
  appendRef(ref: SeriesRef, timestamp: number, value: number): boolean {
    const series = this.#head.series(ref);
    if (series === undefined) return false;
    this.#check(timestamp, value);
    this.#add(series, timestamp, value);
    return true;
  }

  /**
   * Says that a series ended: adds the staleness marker. As a number it may lose its bits on the way, in an array of
   * numbers for one, and would then be an ordinary NaN. False when the series is gone.
   */
  appendStaleMarker(ref: SeriesRef, timestamp: number): boolean {
    writeStaleMarker(STALE, 0);
    return this.appendRef(ref, timestamp, STALE[0] as number);
  }

  /** Notes what is known about the metric of a series. */
  setMetadata(ref: SeriesRef, metadata: MetricMetadata): void {
    const series = this.#head.series(ref);
    if (series !== undefined) this.#metadata.set(series, metadata);
  }

  /**
   * Stores everything: what this returns from survives the end of the process. Throws WalWriteError when the disk
   * is full or broken; then the appender may be committed again. Nothing is stored then, unless it was the disk that
   * failed when it should be waited for: what is stored and not on the disk is what a repetition brings there.
   * Returns how many samples are new.
   */
  commit(): number {
    if (this.#unsynced === undefined) {
      assert(!this.#ended, "appender: used after its end");
      this.#commits.beforeCommit?.();
      this.#unsynced = this.#head.commit(this.#samples, this.#metadata);
      this.#end();
    }
    this.#commits.log?.syncNow();
    const added = this.#unsynced;
    this.#unsynced = undefined;
    return added;
  }

  /** Forgets everything. */
  rollback(): void {
    if (this.#ended) return;
    this.#end();
    this.#samples.clear();
    this.#metadata.clear();
  }

  #end(): void {
    this.#ended = true;
    for (let i = 0; i < this.#samples.length; i++) {
      const series = this.#head.series(this.#samples.refs[i] as number);
      if (series !== undefined) series.pending--;
    }
  }

  #check(timestamp: number, value: number): void {
    assert(!this.#ended, "appender: used after its end");
    // Programs without types would otherwise store a NaN.
    if (typeof value !== "number") throw new TypeError(`value ${String(value)}: expected a number`);
    if (!Number.isSafeInteger(timestamp))
      throw new RangeError(`timestamp ${timestamp}: expected whole milliseconds`);
    if (timestamp < this.#head.minValidTime) throw outOfBounds();
  }

  #add(series: MemorySeries, timestamp: number, value: number): void {
    if (timestamp === series.lastTimestamp) {
      // The same again is no mistake: two scrapes may meet the same explicit timestamp.
      if (series.isLast(timestamp, value)) return;
      throw duplicate();
    }
    if (timestamp < series.lastTimestamp) throw outOfOrder();
    this.#samples.push(series.ref, timestamp, value);
    series.pending++;
  }
}
