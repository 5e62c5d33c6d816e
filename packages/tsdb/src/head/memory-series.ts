import { isStaleMarker, type Labels } from "@linklight/model";
import type { SampleTarget } from "../chunk/sample-target.ts";
import { dropIntervals, type Interval, keepInterval } from "../chunk/trim.ts";
import { MAX_BYTES_BEFORE_APPEND, SAMPLES_PER_CHUNK, XorChunk } from "../chunk/xor-chunk.ts";
import { decodeXor, SLACK_BYTES } from "../chunk/xor-decode.ts";
import type { ReadableSeries } from "../query/select.ts";

/** A chunk that takes no more samples: its bytes, with slack behind them, and the times of its samples. */
export interface ClosedChunk extends Interval {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** One series of the head: its chunks, and where the next begins. */
export class MemorySeries {
  /** What the log calls it. */
  readonly ref: number;
  /** What the postings call it: smaller is older. */
  readonly slot: number;
  readonly labels: Labels;
  #closed: ClosedChunk[] = [];
  #open: XorChunk | undefined;
  /** The last chunk that was open, empty: its memory fits the next one. */
  #spare: XorChunk | undefined;
  /** Whether a snapshot holds the open chunk: then its memory stays with that. */
  #isOpenShared = false;
  /** A sample at or after this time begins a chunk. */
  #nextAt = Number.NEGATIVE_INFINITY;
  /** Samples of it that appenders hold and have not committed: it stays as long as there are any. */
  pending = 0;
  #lastTimestamp = Number.NEGATIVE_INFINITY;
  #lastValue = 0;

  constructor(ref: number, slot: number, labels: Labels) {
    this.ref = ref;
    this.slot = slot;
    this.labels = labels;
  }

  /** The time of the last sample ever appended; −Infinity before the first. */
  get lastTimestamp(): number {
    return this.#lastTimestamp;
  }

  get isEmpty(): boolean {
    return this.#closed.length === 0 && this.#open === undefined;
  }

  /** The time of the first sample that is still here; Infinity when there is none. */
  get minTime(): number {
    return (this.#closed[0] ?? this.#open)?.minTime ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a sample is the last one again, to the bit. */
  isLast(timestamp: number, value: number): boolean {
    if (timestamp !== this.#lastTimestamp) return false;
    if (!Number.isNaN(value)) return Object.is(value, this.#lastValue);
    return Number.isNaN(this.#lastValue) && isStaleMarker(value) === isStaleMarker(this.#lastValue);
  }

  /**
   * Adds a sample that is after the last one. Chunks end after 120 samples or so, evenly spread over the range of
   * `chunkRangeMs`, and never reach beyond it: so a block takes whole chunks.
   */
  append(timestamp: number, value: number, chunkRangeMs: number): void {
    let chunk = this.#open;
    if (
      chunk === undefined ||
      timestamp >= this.#nextAt ||
      chunk.count >= 2 * SAMPLES_PER_CHUNK ||
      chunk.byteLength > MAX_BYTES_BEFORE_APPEND
    ) {
      this.closeChunk();
      chunk = this.#spare ?? new XorChunk();
      this.#spare = undefined;
      this.#open = chunk;
      this.#nextAt = rangeEnd(timestamp, chunkRangeMs);
    } else if (chunk.count === SAMPLES_PER_CHUNK / 4) {
      // A quarter is full: by now the interval of the samples is known.
      this.#nextAt = evenEnd(chunk.minTime, this.#lastTimestamp, this.#nextAt);
      if (timestamp >= this.#nextAt) {
        this.append(timestamp, value, chunkRangeMs);
        return;
      }
    }
    chunk.append(timestamp, value);
    this.#lastTimestamp = timestamp;
    this.#lastValue = value;
  }

  /** Ends the chunk that is appended to. */
  closeChunk(): void {
    const chunk = this.#open;
    if (chunk === undefined) return;
    // Exactly as much memory as it needs: most of what the head holds is closed chunks.
    const bytes = new Uint8Array(chunk.byteLength + SLACK_BYTES);
    bytes.set(chunk.bytes());
    const { minTime, maxTime, count } = chunk;
    this.#closed.push({ bytes, minTime, maxTime, count });
    if (!this.#isOpenShared) {
      chunk.clear();
      this.#spare = chunk;
    }
    this.#isOpenShared = false;
    this.#open = undefined;
  }

  /** What is there now, to be read at any time: what the head forgets meanwhile stays in it. */
  snapshot(deleted: readonly Interval[]): ReadableSeries {
    this.#isOpenShared ||= this.#open !== undefined;
    // The list is never shortened, only replaced.
    return new SeriesSnapshot(this.labels, this.#closed, this.#open, deleted);
  }

  overlaps(minTime: number, maxTime: number): boolean {
    return this.minTime <= maxTime && this.#lastTimestamp >= minTime;
  }

  /** The closed chunks with samples between the times, both inclusive. */
  closedChunks({ minTime, maxTime }: Interval): ClosedChunk[] {
    return this.#closed.filter((chunk) => chunk.minTime <= maxTime && chunk.maxTime >= minTime);
  }

  /** Whether the open chunk has samples before `time`. */
  opensBefore(time: number): boolean {
    return this.#open !== undefined && this.#open.minTime < time;
  }

  /** Forgets chunks that end before `time`. */
  dropBefore(time: number): void {
    this.#closed = this.#closed.filter((chunk) => chunk.maxTime >= time);
    if (this.#open !== undefined && this.#open.maxTime < time) {
      this.#open = undefined;
      this.#isOpenShared = false;
    }
    // A series that has ended keeps nothing for what will not come.
    if (this.isEmpty) this.#spare = undefined;
  }
}

class SeriesSnapshot implements ReadableSeries {
  readonly labels: Labels;
  readonly #closed: readonly ClosedChunk[];
  readonly #closedCount: number;
  readonly #open: XorChunk | undefined;
  readonly #deleted: readonly Interval[];

  constructor(
    labels: Labels,
    closed: readonly ClosedChunk[],
    open: XorChunk | undefined,
    deleted: readonly Interval[],
  ) {
    this.labels = labels;
    this.#closed = closed;
    this.#closedCount = closed.length;
    this.#open = open;
    this.#deleted = deleted;
  }

  read(into: SampleTarget, minTime: number, maxTime: number): void {
    const start = into.length;
    for (let i = 0; i < this.#closedCount; i++) {
      const chunk = this.#closed[i] as ClosedChunk;
      if (chunk.minTime > maxTime || chunk.maxTime < minTime) continue;
      decodeXor(chunk.bytes, 0, chunk.bytes.length - SLACK_BYTES, into);
    }
    const open = this.#open;
    if (open !== undefined && open.minTime <= maxTime && open.maxTime >= minTime) open.decode(into);
    keepInterval(into, start, { minTime, maxTime });
    if (this.#deleted.length > 0) dropIntervals(into, start, this.#deleted);
  }
}

/** The end of the range of time that holds a timestamp: a multiple of `width`. */
export function rangeEnd(timestamp: number, width: number): number {
  return Math.trunc(timestamp / width) * width + width;
}

/** Where to end a chunk that is a quarter full, so that the chunks up to `end` are about equally long. */
function evenEnd(start: number, current: number, end: number): number {
  const chunks = (end - start) / ((current - start + 1) * 4);
  return chunks <= 1 ? end : Math.trunc(start + (end - start) / Math.floor(chunks));
}
