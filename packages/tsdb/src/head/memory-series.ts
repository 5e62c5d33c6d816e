import type { Labels } from "@linklight/model";
import { type ChunkMemory, type StatePage, stateOf } from "../chunk/chunk-memory.ts";
import type { ClosedChunk } from "../chunk/closed-chunks.ts";
import type { SampleTarget } from "../chunk/sample-target.ts";
import type { Interval } from "../chunk/trim.ts";
import {
  byteLengthOf,
  MAX_BYTES_BEFORE_APPEND,
  roomFor,
  SAMPLES_PER_CHUNK,
} from "../chunk/xor-chunk.ts";
import { decodeXor } from "../chunk/xor-decode.ts";
import {
  COUNT,
  encodeXor,
  FIRST_TIME,
  HIGH,
  LAST_TIME,
  LOW,
  OWNER_FLOAT,
  OWNER_WORD,
  POSITION,
  STATE_FLOATS,
} from "../chunk/xor-encode.ts";
import { floatBits } from "../encoding/float-bits.ts";
import type { ReadableSeries } from "../query/select.ts";
import { type OpenChunk, SeriesSnapshot } from "./series-snapshot.ts";

/** A sample at or after this time begins a chunk. */
const NEXT_AT = OWNER_FLOAT;
/** The block of the open chunk's bytes. */
const BLOCK = OWNER_WORD;
/** Behind this many bits there is no room for another sample. */
const LIMIT = OWNER_WORD + 1;
/** What the series' labels hash to. */
const HASH = OWNER_WORD + 2;

const NONE: readonly ClosedChunk[] = [];
/** So many closed chunks are kept in an array of exactly their number. */
const FEW_CHUNKS = 16;

const bits = new Int32Array(2);

/** One series of the head: its chunks, and where the next begins. */
export class MemorySeries {
  /** What the log calls it. */
  readonly ref: number;
  /** What the postings call it: smaller is older. */
  readonly slot: number;
  readonly labels: Labels;
  /** Samples of it that appenders hold and have not committed: it stays as long as there are any. */
  pending = 0;
  readonly #page: StatePage;
  /** Where in the page its state begins, in floats. The open chunk has no sample when there is none. */
  readonly #state: number;
  #closed: readonly ClosedChunk[] = NONE;
  /** There when somebody has selected the open chunk. */
  #shared: OpenChunk | undefined;

  constructor(ref: number, slot: number, labels: Labels, hash: number, memory: ChunkMemory) {
    this.ref = ref;
    this.slot = slot;
    this.labels = labels;
    const page = memory.take(slot);
    const start = stateOf(slot);
    this.#page = page;
    this.#state = start;
    page.floats.fill(0, start, start + STATE_FLOATS);
    page.floats[start + LAST_TIME] = Number.NEGATIVE_INFINITY;
    page.words[2 * start + HASH] = hash;
  }

  get hash(): number {
    return this.#word(HASH);
  }

  /** The time of the last sample ever appended; −Infinity before the first. */
  get lastTimestamp(): number {
    return this.#page.floats[this.#state + LAST_TIME] as number;
  }

  get isEmpty(): boolean {
    return this.#closed.length === 0 && !this.#isOpen;
  }

  /** The time of the first sample that is still here; Infinity when there is none. */
  get minTime(): number {
    const first = this.#closed[0];
    if (first !== undefined) return first.minTime;
    return this.#isOpen ? this.#openSince : Number.POSITIVE_INFINITY;
  }

  /** Whether a sample is the last one again, to the bit. */
  isLast(timestamp: number, value: number): boolean {
    if (timestamp !== this.lastTimestamp) return false;
    floatBits(value, bits);
    return bits[0] === this.#word(HIGH) && bits[1] === this.#word(LOW);
  }

  /**
   * Adds a sample that is after the last one. Chunks end after 120 samples or so, evenly spread over the range of
   * `chunkRangeMs`, and never reach beyond it: so a block takes whole chunks.
   */
  append(timestamp: number, value: number, chunkRangeMs: number): void {
    floatBits(value, bits);
    this.appendBits(timestamp, bits[0] as number, bits[1] as number, chunkRangeMs);
  }

  /** The same with a value as `floatBits` gives it. */
  appendBits(timestamp: number, high: number, low: number, chunkRangeMs: number): void {
    const { floats, words, memory } = this.#page;
    const state = this.#state;
    const word = 2 * state;
    const count = words[word + COUNT] as number;
    // A quarter is full: by now the interval of the samples is known.
    if (count === SAMPLES_PER_CHUNK / 4)
      floats[state + NEXT_AT] = evenEnd(
        floats[state + FIRST_TIME] as number,
        floats[state + LAST_TIME] as number,
        floats[state + NEXT_AT] as number,
      );
    if (
      count === 0 ||
      timestamp >= (floats[state + NEXT_AT] as number) ||
      count >= 2 * SAMPLES_PER_CHUNK ||
      (words[word + POSITION] as number) > 8 * MAX_BYTES_BEFORE_APPEND
    ) {
      this.#begin(rangeEnd(timestamp, chunkRangeMs));
    } else if ((words[word + POSITION] as number) > (words[word + LIMIT] as number)) {
      this.#setBlock(memory.blocks.grow(words[word + BLOCK] as number));
    }
    const block = words[word + BLOCK] as number;
    const slab = memory.blocks.slab(block);
    encodeXor(floats, words, state, slab.view, slab.startOf(block), timestamp, high, low);
  }

  /** Ends the chunk that is appended to. */
  closeChunk(): void {
    if (!this.#isOpen) return;
    const chunk = this.#copyOfOpen();
    // The list that a snapshot has is never shortened: it is replaced, or grows behind what was there.
    if (this.#closed.length < FEW_CHUNKS) this.#closed = this.#closed.concat(chunk);
    else (this.#closed as ClosedChunk[]).push(chunk);
    this.#releaseOpen(chunk);
  }

  /** What is there now, to be read at any time: what the head forgets meanwhile stays in it. */
  snapshot(deleted: readonly Interval[]): ReadableSeries {
    if (this.#isOpen) this.#shared ??= { closed: undefined };
    return new SeriesSnapshot(this, this.#closed, this.#shared, this.#word(COUNT), deleted);
  }

  /** Adds the samples of the open chunk to `into`. */
  decodeOpen(into: SampleTarget): void {
    const block = this.#word(BLOCK);
    const slab = this.#page.memory.blocks.slab(block);
    decodeXor(slab.bytes, slab.startOf(block), this.#openBytes, into);
  }

  overlaps(minTime: number, maxTime: number): boolean {
    return this.minTime <= maxTime && this.lastTimestamp >= minTime;
  }

  /** Whether the open chunk has samples between the times, both inclusive. */
  isOpenWithin(minTime: number, maxTime: number): boolean {
    return this.#isOpen && this.#openSince <= maxTime && this.lastTimestamp >= minTime;
  }

  /** The closed chunks with samples between the times, both inclusive. */
  closedChunks({ minTime, maxTime }: Interval): ClosedChunk[] {
    return this.#closed.filter((chunk) => chunk.minTime <= maxTime && chunk.maxTime >= minTime);
  }

  /** Whether the open chunk has samples before `time`. */
  opensBefore(time: number): boolean {
    return this.#isOpen && this.#openSince < time;
  }

  /** Forgets chunks that end before `time`. */
  dropBefore(time: number): void {
    const first = this.#closed[0];
    if (first !== undefined && first.maxTime < time)
      this.#closed = this.#closed.filter((chunk) => chunk.maxTime >= time);
    if (this.#isOpen && this.lastTimestamp < time)
      this.#releaseOpen(this.#shared === undefined ? undefined : this.#copyOfOpen());
  }

  get #isOpen(): boolean {
    return this.#word(COUNT) > 0;
  }

  /** The time of the open chunk's first sample. */
  get #openSince(): number {
    return this.#page.floats[this.#state + FIRST_TIME] as number;
  }

  get #openBytes(): number {
    return byteLengthOf(this.#page.words, 2 * this.#state);
  }

  #word(at: number): number {
    return this.#page.words[2 * this.#state + at] as number;
  }

  /** Begins a chunk that ends before a time, in place of the one that is open. */
  #begin(nextAt: number): void {
    this.closeChunk();
    this.#page.floats[this.#state + NEXT_AT] = nextAt;
    this.#setBlock(this.#page.memory.blocks.allocate());
  }

  #setBlock(block: number): void {
    const { words, memory } = this.#page;
    words[2 * this.#state + BLOCK] = block;
    words[2 * this.#state + LIMIT] = roomFor(memory.blocks.slab(block).blockBytes);
  }

  #copyOfOpen(): ClosedChunk {
    const { blocks, closed } = this.#page.memory;
    const block = this.#word(BLOCK);
    const slab = blocks.slab(block);
    const samples = {
      minTime: this.#openSince,
      maxTime: this.lastTimestamp,
      count: this.#word(COUNT),
    };
    return closed.copy(slab.bytes, slab.startOf(block), this.#openBytes, samples);
  }

  /** Gives the memory of the open chunk back: those who have selected it find it closed. */
  #releaseOpen(closed: ClosedChunk | undefined): void {
    if (this.#shared !== undefined) this.#shared.closed = closed;
    this.#shared = undefined;
    this.#page.memory.blocks.release(this.#word(BLOCK));
    this.#page.words[2 * this.#state + COUNT] = 0;
    this.#page.words[2 * this.#state + POSITION] = 0;
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
