import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UnsupportedChunkError, XOR_ENCODING } from "../chunk/encodings.ts";
import type { PageCache } from "../disk/page-cache.ts";
import { PagedFile, type Stretch } from "../disk/paged-file.ts";
import { ByteReader } from "../encoding/byte-reader.ts";
import { readChecked } from "../encoding/checked-read.ts";
import { CorruptionError } from "../encoding/corruption.ts";

/**
 * ```
 * segment of chunks (docs/formats/chunks.md): 000001, 000002 … in the folder chunks/
 * ┌────────────────┬───┬─────────┬──────────────────────────────────────────────────────┬─────
 * │ magic 85bd40dd │ 1 │ 3 zeros │ length (uvarint) │ encoding (1) │ data │ CRC-32C (4) │ …
 * └────────────────┴───┴─────────┴──────────────────────────────────────────────────────┴─────
 * ```
 */
export const CHUNKS_MAGIC = 0x85bd40dd;
export const CHUNKS_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 8;
/** A segment is at most this long: 512 MiB, Prometheus' own. */
export const MAX_SEGMENT_BYTES: number = 512 * 1024 * 1024;

const TWO_32 = 4_294_967_296;

/** Where a chunk lies, as the index names it: the segment, from 0, and the offset in it. Beyond 32 bits, so no `<<`. */
export function chunkRef(segment: number, offset: number): number {
  return segment * TWO_32 + offset;
}

/** The chunks of a block, read by ref. */
export class ChunkSegments {
  readonly #files: readonly PagedFile[];

  constructor(directory: string, cache: PageCache) {
    const names = readdirSync(directory)
      .filter((name) => /^\d{6}$/.test(name))
      .sort();
    const files: PagedFile[] = [];
    try {
      for (const [i, name] of names.entries()) {
        if (Number(name) !== i + 1)
          throw new CorruptionError(`${join(directory, name)}: segment ${i + 1} is missing`);
        const file = new PagedFile(join(directory, name), cache);
        files.push(file);
        checkHeader(file);
      }
    } catch (error) {
      for (const file of files) file.close();
      throw error;
    }
    this.#files = files;
  }

  /** How many bytes the segments have. */
  get size(): number {
    return this.#files.reduce((sum, file) => sum + file.size, 0);
  }

  /** The data of an XOR chunk. Throws CorruptionError, or UnsupportedChunkError for another encoding. */
  xor(ref: number): Stretch {
    const chunk = this.chunk(ref);
    if (chunk.encoding !== XOR_ENCODING)
      throw new UnsupportedChunkError(chunk.encoding, this.#where(ref));
    return chunk;
  }

  /** The data of a chunk of any encoding. */
  chunk(ref: number): Stretch & { readonly encoding: number } {
    const segment = Math.floor(ref / TWO_32);
    const file = this.#files[segment];
    if (file === undefined)
      throw new CorruptionError(
        `chunk ${ref}: in segment ${segment + 1}, but there are ${this.#files.length}`,
      );
    const offset = ref - segment * TWO_32;
    const what = (): string => this.#where(ref);
    const head = file.read(offset, Math.min(10, file.size - offset));
    // Nearly all chunks of 120 samples are shorter than 2^14 bytes: one byte for the low seven bits, one for the others.
    const low = head.bytes[head.start] as number;
    const high = head.bytes[head.start + 1] as number;
    let length = (low & 0x7f) | (high << 7);
    let lengthBytes = 2;
    if (head.end - head.start < 2 || low < 0x80 || high >= 0x80) {
      const reader = new ByteReader(head.bytes, what, head.start, head.end);
      length = reader.uvarint();
      lengthBytes = reader.position - head.start;
    }
    const { bytes, start, end } = readChecked(file, offset + lengthBytes, 1 + length, what);
    return { encoding: bytes[start] as number, bytes, start: start + 1, end };
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  #where(ref: number): string {
    const segment = Math.floor(ref / TWO_32);
    return `${this.#files[segment]?.path}: chunk at ${ref - segment * TWO_32}`;
  }
}

function checkHeader(file: PagedFile): void {
  const { bytes, start, end } = file.read(0, Math.min(file.size, SEGMENT_HEADER_BYTES));
  const reader = new ByteReader(bytes, file.path, start, end);
  const magic = reader.u32();
  if (magic !== CHUNKS_MAGIC)
    throw new CorruptionError(
      `${file.path}: begins with 0x${magic.toString(16)}, chunks begin with 0x${CHUNKS_MAGIC.toString(16)}`,
    );
  const version = reader.u8();
  if (version !== CHUNKS_VERSION)
    throw new CorruptionError(
      `${file.path}: version ${version} of chunks, expected ${CHUNKS_VERSION}`,
    );
}
