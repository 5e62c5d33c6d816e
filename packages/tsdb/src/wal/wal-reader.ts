import { closeSync, openSync, readSync } from "node:fs";
import { readUint32 } from "../encoding/byte-reader.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import { crc32c } from "../encoding/crc32c.ts";
import { uncompress } from "./compression.ts";
import { listSegments, type Segment } from "./segments.ts";
import {
  FIRST,
  FRAGMENT_HEADER_BYTES,
  FRAGMENT_MASK,
  FULL,
  LAST,
  MIDDLE,
  PAGE_BYTES,
  PAGE_END,
  SNAPPY,
  ZSTD,
} from "./wal-format.ts";

/** A record of a log with its place. `data` is uncompressed, and the reader's: it is overwritten by the next record. */
export interface WalRecord {
  readonly segment: Segment;
  /** Where the record begins in its segment. */
  readonly offset: number;
  readonly data: Uint8Array;
}

/** The log cannot be read on from here: a torn tail, or damage. Everything before `offset` was read. */
export class WalCorruptionError extends CorruptionError {
  readonly segment: number;
  readonly path: string;
  /** The end of the last record that is whole. */
  readonly offset: number;

  constructor(segment: Segment, offset: number, reason: string) {
    super(`${segment.path}: at byte ${offset}: ${reason}`);
    this.segment = segment.number;
    this.path = segment.path;
    this.offset = offset;
  }
}

/**
 * All records of the log in a directory, from segment `from` on, in order. Throws WalCorruptionError where the
 * log ends in the middle of a record, and where a checksum does not fit.
 */
export function* readWal(directory: string, from = 0): Generator<WalRecord> {
  const segments = listSegments(directory).filter(({ number }) => number >= from);
  for (const [i, segment] of segments.entries()) {
    const expected = i === 0 ? from || segment.number : (segments[i - 1] as Segment).number + 1;
    if (segment.number !== expected)
      throw new WalCorruptionError(segment, 0, `segment ${expected} is missing before it`);
    yield* new SegmentReader(segment).records();
  }
}

class SegmentReader {
  readonly #segment: Segment;
  readonly #page = new Uint8Array(PAGE_BYTES);
  #pageLength = 0;
  #pageStart = 0;
  /** The fragments of a record that is not whole yet. */
  #parts: Uint8Array[] = [];
  #flags = 0;
  /** Where the record that is being read begins. */
  #start = 0;

  constructor(segment: Segment) {
    this.#segment = segment;
  }

  *records(): Generator<WalRecord> {
    const descriptor = openSync(this.#segment.path, "r");
    try {
      while (this.#readPage(descriptor)) yield* this.#recordsOfPage();
    } finally {
      closeSync(descriptor);
    }
    if (this.#parts.length > 0) throw this.#corrupt("the log ends in the middle of a record");
  }

  #readPage(descriptor: number): boolean {
    this.#pageStart += this.#pageLength;
    let length = 0;
    while (length < PAGE_BYTES) {
      const count = readSync(
        descriptor,
        this.#page,
        length,
        PAGE_BYTES - length,
        this.#pageStart + length,
      );
      if (count === 0) break;
      length += count;
    }
    this.#pageLength = length;
    return length > 0;
  }

  *#recordsOfPage(): Generator<WalRecord> {
    const page = this.#page;
    let at = 0;
    while (at < this.#pageLength) {
      if (this.#parts.length === 0) this.#start = this.#pageStart + at;
      const type = page[at] as number;
      if ((type & FRAGMENT_MASK) === PAGE_END) {
        this.#checkPadding(at);
        return;
      }
      const fragment = this.#fragment(at);
      at += FRAGMENT_HEADER_BYTES + fragment.length;
      const whole = this.#join(type, fragment);
      if (whole !== undefined) yield { segment: this.#segment, offset: this.#start, data: whole };
    }
  }

  #checkPadding(at: number): void {
    // More than a header's bytes are padded only at the end of a segment. A disk whose power was cut may have zeros in place
    // of what it had not yet written, and records after them.
    const isRest = PAGE_BYTES - at < FRAGMENT_HEADER_BYTES;
    const isLastPage = this.#pageStart + this.#pageLength >= this.#segment.bytes;
    if (!isRest && !(isLastPage && this.#parts.length === 0))
      throw this.#corrupt("zeros in place of a record");
    for (let i = at; i < this.#pageLength; i++)
      if (this.#page[i] !== 0) throw this.#corrupt("a byte of the padding is not zero");
  }

  #fragment(at: number): Uint8Array {
    const page = this.#page;
    if (at + FRAGMENT_HEADER_BYTES > this.#pageLength)
      throw this.#corrupt("the log ends in the middle of a record");
    const length = ((page[at + 1] as number) << 8) | (page[at + 2] as number);
    const start = at + FRAGMENT_HEADER_BYTES;
    if (start + length > PAGE_BYTES)
      throw this.#corrupt(`a length of ${length} goes beyond the page`);
    if (start + length > this.#pageLength)
      throw this.#corrupt("the log ends in the middle of a record");
    const fragment = page.subarray(start, start + length);
    if (crc32c(page, start, start + length) !== readUint32(page, at + 3))
      throw this.#corrupt("the checksum of a record does not fit");
    return fragment;
  }

  /** Takes a fragment; gives the record that it completes. */
  #join(type: number, fragment: Uint8Array): Uint8Array | undefined {
    const kind = type & FRAGMENT_MASK;
    const inside = this.#parts.length > 0;
    if (kind > LAST || (type & ~(FRAGMENT_MASK | SNAPPY | ZSTD)) !== 0)
      throw this.#corrupt(`unknown type ${type} of a record`);
    if (inside === (kind === FULL || kind === FIRST))
      throw this.#corrupt(inside ? "a record begins within another" : "a record has no beginning");
    if (kind === FULL) return this.#uncompressed(fragment, type);
    if (kind === FIRST) this.#flags = type;
    // The page is read over before the record is whole.
    this.#parts.push(fragment.slice());
    if (kind === FIRST || kind === MIDDLE) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    return this.#uncompressed(whole, this.#flags);
  }

  #uncompressed(data: Uint8Array, flags: number): Uint8Array {
    try {
      return uncompress(data, flags);
    } catch (cause) {
      throw this.#corrupt(`a record cannot be uncompressed: ${(cause as Error).message}`);
    }
  }

  #corrupt(reason: string): WalCorruptionError {
    return new WalCorruptionError(this.#segment, this.#start, reason);
  }
}
