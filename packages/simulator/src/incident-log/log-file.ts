import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";

/** A log is read as a whole at the start: no larger than this. A line of it is about 1 KiB. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** How much of it is read at once. */
const PIECE_BYTES = 1024 * 1024;

/** The incident log cannot be read, or cannot take more. */
export class IncidentLogError extends Error {
  override readonly name = "IncidentLogError";
  readonly code = "LINKLIGHT_INCIDENT_LOG";
}

/** A file of JSON lines that only grows, and loses no line that was written with `sync`. */
export class LogFile {
  readonly path: string;
  readonly #descriptor: number;
  #bytes: number;
  #endsInLine: boolean;

  private constructor(path: string, descriptor: number, content: Buffer) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#bytes = content.length;
    this.#endsInLine = content.length > 0 && content[content.length - 1] !== 0x0a;
  }

  /** Opens a log, or makes it, and gives its lines; the last may be cut off. Throws IncidentLogError. */
  static open(path: string): { readonly file: LogFile; readonly lines: readonly string[] } {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(path, "a+");
      // What is no file, such as /dev/stdout, has nothing to tell, and may never end.
      const content = fstatSync(descriptor).isFile() ? contentOf(descriptor) : Buffer.alloc(0);
      return { file: new LogFile(path, descriptor, content), lines: linesOf(content) };
    } catch (cause) {
      if (descriptor !== undefined) closeSync(descriptor);
      throw new IncidentLogError(`cannot open the incident log ${path}: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  /** The lines of a log that there is, which is not opened for more. Throws IncidentLogError. */
  static read(path: string): readonly string[] {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(path, "r");
      return linesOf(contentOf(descriptor));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const reason = code === "ENOENT" ? "there is no such file" : reasonOf(cause);
      throw new IncidentLogError(`cannot read the incident log ${path}: ${reason}`, { cause });
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  /** Whether there is room for more than what must be kept. */
  get hasRoom(): boolean {
    return this.#bytes < 0.9 * LARGEST_BYTES;
  }

  /**
   * Writes a record as a line; with `sync` it is on the disk when this returns. Throws IncidentLogError, and
   * the file is then as before: also when another process has written to it, whose incidents this one does not
   * know (docs/decisions/0027).
   */
  append(record: unknown, { sync }: { readonly sync: boolean }): void {
    // What an earlier process left half-written stays a line of its own.
    const line = Buffer.from(`${this.#endsInLine ? "\n" : ""}${JSON.stringify(record)}\n`);
    try {
      if (this.#bytes + line.length > LARGEST_BYTES)
        throw new Error("it is full; move it away and start again to begin a new one");
      const file = fstatSync(this.#descriptor);
      // A device has no size, and keeps nothing.
      if (file.isFile() && file.size !== this.#bytes) throw new ForeignWriteError();
      let written = 0;
      while (written < line.length) written += writeSync(this.#descriptor, line, written);
      if (sync && file.isFile()) fsyncSync(this.#descriptor);
    } catch (cause) {
      if (!(cause instanceof ForeignWriteError)) this.#takeBack();
      throw new IncidentLogError(`cannot write the incident log ${this.path}: ${reasonOf(cause)}`, {
        cause,
      });
    }
    this.#bytes += line.length;
    this.#endsInLine = false;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #takeBack(): void {
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch {
      // Whatever could be written of the line is cut off from the next one instead.
      this.#endsInLine = true;
    }
  }
}

/** The file is not as this process has left it. */
class ForeignWriteError extends Error {
  override readonly name = "ForeignWriteError";
  override readonly message =
    "another process has changed it; give each endpoint a log of its own, or start this one again to read it anew";
}

function contentOf(descriptor: number): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const count = readSync(descriptor, piece);
    if (count === 0) return Buffer.concat(pieces, length);
    length += count;
    if (length > LARGEST_BYTES)
      throw new Error(`it is larger than ${LARGEST_BYTES} bytes; move it away to begin a new one`);
    pieces.push(piece.subarray(0, count));
  }
}

function linesOf(content: Buffer): readonly string[] {
  const lines = content.toString("utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return "there is no such folder";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
      return "permission denied";
    case "EPERM":
      return "not permitted; it may be marked as immutable";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
      return "the disk is full";
    default:
      return message;
  }
}
