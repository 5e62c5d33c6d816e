import { closeSync, fsync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { WriteError } from "./write-error.ts";

const fsyncInTurns = promisify(fsync);
const BUFFER_BYTES = 256 * 1024;

/**
 * A new file that is written from its start to its end, through a buffer. It must not exist before. Every method
 * throws WriteError when the disk is full or broken.
 */
export class AppendFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #buffered = 0;
  #written = 0;
  #isClosed = false;

  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(path, "wx");
    } catch (cause) {
      throw this.#writeError(cause);
    }
  }

  /** How many bytes the file has, those in the buffer included. */
  get position(): number {
    return this.#written + this.#buffered;
  }

  write(bytes: Uint8Array): void {
    if (this.#buffered + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      this.#writeThrough(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  /** Writes zeros up to the next multiple of `alignment`. */
  pad(alignment: number): void {
    const over = this.position % alignment;
    if (over > 0) this.write(new Uint8Array(alignment - over));
  }

  /** Makes sure that all bytes are on the disk, and closes the file. */
  async finish(): Promise<void> {
    try {
      this.#flush();
      await fsyncInTurns(this.#descriptor);
    } catch (cause) {
      throw this.#writeError(cause);
    } finally {
      this.abandon();
    }
  }

  /** Closes the file as it is: for writers that failed. Nothing when it is closed already. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }

  #flush(): void {
    this.#writeThrough(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #writeThrough(bytes: Uint8Array): void {
    // A full disk may take a part of the bytes before it takes none.
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done);
    } catch (cause) {
      throw this.#writeError(cause);
    }
    this.#written += bytes.length;
  }

  #writeError(cause: unknown): WriteError {
    if (cause instanceof WriteError) return cause;
    return new WriteError(this.path, cause as NodeJS.ErrnoException, "it is tried again later");
  }
}
