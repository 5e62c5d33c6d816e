import type { Labels } from "@linklight/model";
import type { BlockMeta } from "../block/block-meta.ts";
import { writeHeadBlock } from "../compaction/head-block.ts";
import { checkLabels, duplicate, outOfOrder } from "../head/append-error.ts";
import { Head } from "../head/head.ts";
import type { MemorySeries } from "../head/memory-series.ts";
import { Pause } from "../turns/pause.ts";
import { makeListed } from "./directory.ts";

const TWO_HOURS_MS = 2 * 3_600_000;

/**
 * Makes blocks of samples that come from elsewhere, a file or a simulation: one for each range of time, without a log.
 * The samples of a series ascend within each range; series and ranges come in any order.
 *
 * All samples that were added and not written are in memory, at some four bytes each: where they come in the order of
 * time, `writeBefore` keeps them few.
 */
export class BlockBuilder {
  readonly #directory: string;
  readonly #rangeMs: number;
  readonly #ranges = new Map<number, Head>();
  readonly #pause = new Pause();
  #last: { readonly end: number; readonly head: Head } | undefined;

  /** `directory`: where the blocks go; made when there is none. Throws DirectoryError where it cannot be. */
  constructor(directory: string, rangeMs: number = TWO_HOURS_MS) {
    this.#directory = directory;
    this.#rangeMs = rangeMs;
    makeListed(directory);
  }

  /**
   * Adds a sample. Throws AppendError where it is not after the last one of its series in its range, or of labels that no
   * series can have, RangeError for a time that is no whole number of milliseconds below 2^53 − 1.
   */
  add(labels: Labels, timestamp: number, value: number): void {
    // The end of a block is one more than its last time.
    if (!Number.isSafeInteger(timestamp) || timestamp === Number.MAX_SAFE_INTEGER)
      throw new RangeError(`timestamp ${timestamp}: expected whole milliseconds below 2^53 - 1`);
    const head = this.#headOf(timestamp);
    const series = head.find(labels) ?? newSeries(head, labels);
    if (head.restoreSample(series, timestamp, value)) return;
    refuse(series, timestamp, value);
  }

  /** Writes the ranges that end at or before `time`, in their order. */
  async writeBefore(time: number): Promise<BlockMeta[]> {
    const written: BlockMeta[] = [];
    const due = [...this.#ranges.keys()].filter((end) => end <= time).sort((a, b) => a - b);
    for (const end of due) {
      const head = this.#ranges.get(end) as Head;
      const meta = await writeHeadBlock(
        this.#directory,
        head,
        head.minTime,
        head.maxTime + 1,
        this.#pause,
      );
      this.#ranges.delete(end);
      if (meta !== undefined) written.push(meta);
    }
    this.#last = undefined;
    return written;
  }

  /** Writes everything. */
  finish(): Promise<BlockMeta[]> {
    return this.writeBefore(Number.POSITIVE_INFINITY);
  }

  #headOf(timestamp: number): Head {
    const last = this.#last;
    if (last !== undefined && timestamp < last.end && timestamp >= last.end - this.#rangeMs)
      return last.head;
    const end = (Math.floor(timestamp / this.#rangeMs) + 1) * this.#rangeMs;
    let head = this.#ranges.get(end);
    if (head === undefined) {
      head = new Head(this.#rangeMs);
      this.#ranges.set(end, head);
    }
    this.#last = { end, head };
    return head;
  }
}

function newSeries(head: Head, labels: Labels): MemorySeries {
  checkLabels(labels);
  return head.restoreSeries(head.seriesCount + 1, labels);
}

function refuse(series: MemorySeries, timestamp: number, value: number): void {
  if (series.isLast(timestamp, value)) return;
  throw timestamp === series.lastTimestamp ? duplicate() : outOfOrder();
}
