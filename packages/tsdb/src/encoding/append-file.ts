import { closeSync, fsync, fsyncSync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";

const BUFFER_BYTES = 256 * 1024;

/** A new file that is written from its start to its end, through a buffer. It must not exist before. */
export class AppendFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #buffered = 0;
  #written = 0;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, "wx");
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
  finish(): void {
    try {
      this.#flush();
      fsyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
  }

  /** The same for large files: the event loop goes on while the disk is busy. */
  async finishInTurns(): Promise<void> {
    try {
      this.#flush();
      await promisify(fsync)(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
  }

  /** Closes the file as it is: for writers that failed. */
  abandon(): void {
    closeSync(this.#descriptor);
  }

  #flush(): void {
    this.#writeThrough(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #writeThrough(bytes: Uint8Array): void {
    // A full disk may take a part of the bytes before it takes none.
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done);
    this.#written += bytes.length;
  }
}
