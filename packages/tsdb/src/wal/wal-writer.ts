import { fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import snappy from "snappyjs";
import { BackgroundSync } from "../disk/background-sync.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { WriteError } from "../disk/write-error.ts";
import { crc32c } from "../encoding/crc32c.ts";
import { listSegments } from "./segments.ts";
import {
  DEFAULT_SEGMENT_BYTES,
  FIRST,
  FRAGMENT_HEADER_BYTES,
  FULL,
  LAST,
  MIDDLE,
  PAGE_BYTES,
  SNAPPY,
  segmentName,
} from "./wal-format.ts";

export interface WalWriterOptions {
  /** A multiple of 32 KiB. 128 MiB. */
  readonly segmentBytes?: number;
  /** Segments get higher numbers than this, which is that of the last checkpoint; -1 when there is none. */
  readonly checkpoint?: number;
  /** What records are compressed with. Snappy. */
  readonly compression?: "snappy" | "none";
  /** Called before the first byte of a new segment is written, with its number. */
  readonly onSegment?: (segment: number) => void;
}

/** The log could not be written: the disk is full, or broken. Nothing of what was to be logged is in it. */
export class WalWriteError extends WriteError {
  override readonly name = "WalWriteError";

  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(path, cause, "nothing is stored until there is room");
  }
}

/**
 * Appends records to a write-ahead log, beginning a segment of its own.
 *
 * What `log` has returned from is with the operating system: it survives the end of this process, however it comes. To
 * survive the end of the machine it must also be synced: `syncNow` and `sync` do, and every segment is, in the
 * background, as soon as the next begins.
 */
export class WalWriter {
  readonly directory: string;
  readonly #segmentBytes: number;
  readonly #compression: "snappy" | "none";
  readonly #onSegment: (segment: number) => void;
  #segment: number;
  #descriptor: number;
  /** The length of the segment so far: what the file has, unless it is torn. */
  #position = 0;
  /** Whether there may be a part of a record behind the position. */
  #isTorn = false;
  /** Finished segments, and the directory with the names of new ones. */
  readonly #finished = new BackgroundSync();
  #buffer = new Uint8Array(4 * PAGE_BYTES);
  #view = new DataView(this.#buffer.buffer);
  #buffered = 0;

  constructor(directory: string, options: WalWriterOptions = {}) {
    this.directory = directory;
    this.#segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES;
    if (this.#segmentBytes % PAGE_BYTES !== 0 || this.#segmentBytes <= 0)
      throw new RangeError(
        `segment size ${this.#segmentBytes}: expected a multiple of ${PAGE_BYTES} bytes`,
      );
    this.#compression = options.compression ?? "snappy";
    this.#onSegment = options.onSegment ?? (() => {});
    makeDirectory(directory);
    const last = listSegments(directory).at(-1)?.number ?? -1;
    this.#segment = Math.max(last, options.checkpoint ?? -1) + 1;
    this.#descriptor = this.#openSegment(this.#segment);
  }

  /** The number of the segment that is written to. */
  get segment(): number {
    return this.#segment;
  }

  /**
   * Adds records. Throws WalWriteError, after which it may be tried again: then none of them is in the log, or,
   * where a segment ended between them, only those before its end.
   */
  log(records: readonly Uint8Array[]): void {
    try {
      this.#finished.check();
      for (const record of records) this.#add(record);
      this.#flush();
    } catch (error) {
      this.#buffered = 0;
      throw this.#named(error);
    }
  }

  /** Makes sure, before it returns, that everything logged so far is on the disk. Throws WalWriteError. */
  syncNow(): void {
    try {
      this.#finished.finishNow();
      fsyncSync(this.#descriptor);
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** The same, while the process goes on. */
  async sync(): Promise<void> {
    try {
      // Of its own: the other one may be closed meanwhile.
      const segment = await open(join(this.directory, segmentName(this.#segment)), "r+");
      try {
        await Promise.all([this.#finished.finish(), segment.sync()]);
      } finally {
        await segment.close();
      }
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** Ends the segment and begins the next. Returns the new one's number. */
  cut(): number {
    this.#flush();
    this.#endPage();
    this.#flush();
    const ended = this.#descriptor;
    this.#descriptor = this.#openSegment(this.#segment + 1);
    this.#segment++;
    this.#position = 0;
    this.#finished.file(ended);
    return this.#segment;
  }

  /**
   * Ends the log: all of it is on the disk then. Where there is no room for it the last page stays short, which readers
   * take as well.
   */
  async close(): Promise<void> {
    try {
      this.#endPage();
      this.#flush();
    } catch (error) {
      if (!(error instanceof WalWriteError)) throw error;
    }
    this.#finished.file(this.#descriptor);
    try {
      await this.#finished.finish();
    } catch (error) {
      throw this.#named(error);
    }
  }

  #openSegment(segment: number): number {
    this.#onSegment(segment);
    const path = join(this.directory, segmentName(segment));
    try {
      const descriptor = openSync(path, "ax");
      this.#finished.directory(this.directory);
      return descriptor;
    } catch (cause) {
      throw new WalWriteError(path, cause as NodeJS.ErrnoException);
    }
  }

  #add(record: Uint8Array): void {
    let data = record;
    let flags = 0;
    if (this.#compression === "snappy" && record.length > 0) {
      const compressed = snappy.compress(record);
      if (compressed.length < record.length) {
        data = compressed;
        flags = SNAPPY;
      }
    }
    const position = this.#position + this.#buffered;
    // A record that no segment has room for makes one longer, as in Prometheus.
    if (position > 0 && data.length > roomFrom(position, this.#segmentBytes)) this.cut();
    this.#fragment(data, flags);
  }

  #fragment(data: Uint8Array, flags: number): void {
    let done = 0;
    for (let i = 0; i === 0 || done < data.length; i++) {
      if (leftInPage(this.#position + this.#buffered) < FRAGMENT_HEADER_BYTES) this.#endPage();
      const left = leftInPage(this.#position + this.#buffered) - FRAGMENT_HEADER_BYTES;
      const end = Math.min(data.length, done + left);
      const isFirst = i === 0;
      const isLast = end === data.length;
      const type = isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE;
      this.#write(type | flags, data.subarray(done, end));
      done = end;
    }
  }

  #write(type: number, fragment: Uint8Array): void {
    this.#reserve(FRAGMENT_HEADER_BYTES + fragment.length);
    this.#view.setUint8(this.#buffered, type);
    this.#view.setUint16(this.#buffered + 1, fragment.length);
    this.#view.setUint32(this.#buffered + 3, crc32c(fragment));
    this.#buffer.set(fragment, this.#buffered + FRAGMENT_HEADER_BYTES);
    this.#buffered += FRAGMENT_HEADER_BYTES + fragment.length;
  }

  /** Zeros up to the end of the page, unless it is just begun. */
  #endPage(): void {
    const left = leftInPage(this.#position + this.#buffered);
    if (left === PAGE_BYTES) return;
    this.#reserve(left);
    this.#buffer.fill(0, this.#buffered, this.#buffered + left);
    this.#buffered += left;
  }

  #reserve(count: number): void {
    if (this.#buffered + count <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffered + count, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#buffered));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }

  #flush(): void {
    const length = this.#buffered;
    this.#buffered = 0;
    try {
      if (this.#isTorn) this.#cutOff();
      this.#isTorn = length > 0;
      for (let done = 0; done < length; )
        done += writeSync(this.#descriptor, this.#buffer, done, length - done);
      this.#isTorn = false;
      this.#position += length;
    } catch (cause) {
      const error = this.#named(cause);
      if (this.#isTorn) this.#cutOff();
      throw error;
    }
  }

  /** Takes away what a failed write has left: a torn record in the middle of the log. */
  #cutOff(): void {
    try {
      ftruncateSync(this.#descriptor, this.#position);
      this.#isTorn = false;
    } catch (cause) {
      throw this.#named(cause);
    }
  }

  /** Errors of the system say where they happened. */
  #named(error: unknown): unknown {
    if (typeof (error as NodeJS.ErrnoException).syscall !== "string") return error;
    const path = join(this.directory, segmentName(this.#segment));
    return new WalWriteError(path, error as NodeJS.ErrnoException);
  }
}

function leftInPage(position: number): number {
  return PAGE_BYTES - (position % PAGE_BYTES);
}

/** How many bytes of data fit between a position and the end of the segment. */
function roomFrom(position: number, segmentBytes: number): number {
  if (position >= segmentBytes) return 0;
  const here = Math.max(0, leftInPage(position) - FRAGMENT_HEADER_BYTES);
  const pages = Math.floor((segmentBytes - position - leftInPage(position)) / PAGE_BYTES);
  return here + pages * (PAGE_BYTES - FRAGMENT_HEADER_BYTES);
}
