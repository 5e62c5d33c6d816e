import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppendFile } from "../disk/append-file.ts";
import { ByteWriter } from "../encoding/byte-writer.ts";
import { crc32c } from "../encoding/crc32c.ts";
import {
  CHUNKS_MAGIC,
  CHUNKS_VERSION,
  chunkRef,
  MAX_SEGMENT_BYTES,
  SEGMENT_HEADER_BYTES,
} from "./chunk-segments.ts";

/** Writes the chunks of a block into segments of at most 512 MiB. */
export class ChunkWriter {
  readonly #directory: string;
  readonly #maxSegmentBytes: number;
  readonly #scratch = new ByteWriter(2048);
  #segments = 0;
  #file: AppendFile | undefined;
  /** Segments that are on their way to the disk. */
  readonly #finishing: Promise<void>[] = [];

  constructor(directory: string, maxSegmentBytes: number = MAX_SEGMENT_BYTES) {
    this.#directory = directory;
    this.#maxSegmentBytes = maxSegmentBytes;
    mkdirSync(directory, { recursive: true });
  }

  /** Adds a chunk and says where it lies. */
  write(encoding: number, data: Uint8Array): number {
    const entry = this.#scratch;
    entry.clear();
    entry.uvarint(data.length);
    const summed = entry.length;
    entry.u8(encoding);
    entry.raw(data);
    entry.u32(crc32c(entry.bytes(), summed));
    if (this.#file === undefined || this.#file.position + entry.length > this.#maxSegmentBytes)
      this.#file = this.#cut();
    const offset = this.#file.position;
    this.#file.write(entry.bytes());
    return chunkRef(this.#segments - 1, offset);
  }

  /** Makes sure that all chunks are on the disk. */
  async finish(): Promise<void> {
    this.#endSegment();
    await Promise.all(this.#finishing);
  }

  abandon(): void {
    this.#file?.abandon();
    this.#file = undefined;
  }

  #endSegment(): void {
    if (this.#file === undefined) return;
    const finishing = this.#file.finish();
    // Who waits for all of them learns of the error.
    finishing.catch(() => {});
    this.#finishing.push(finishing);
    this.#file = undefined;
  }

  #cut(): AppendFile {
    this.#endSegment();
    this.#segments++;
    const file = new AppendFile(join(this.#directory, String(this.#segments).padStart(6, "0")));
    const header = new ByteWriter(SEGMENT_HEADER_BYTES);
    header.u32(CHUNKS_MAGIC);
    header.u8(CHUNKS_VERSION);
    header.pad(SEGMENT_HEADER_BYTES);
    file.write(header.bytes());
    return file;
  }
}
