import { CorruptionError } from "../encoding/corruption.ts";
import { PAGE_BYTES } from "./page-cache.ts";
import type { PagedFile } from "./paged-file.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads a stretch of a file from front to back, page by page: for long tables, of which little is kept. Its checksum was
 * compared before. Throws CorruptionError beyond the end.
 */
export class PagedCursor {
  readonly #file: PagedFile;
  readonly #end: number;
  /** What of the file `#bytes` begins with. */
  #base = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Where in `#bytes` the page, or the stretch, ends. */
  #limit = 0;
  /** The page as if it were Latin-1, once there was ASCII to be taken out of it. */
  #latin1: string | undefined;

  constructor(file: PagedFile, start: number, end: number) {
    this.#file = file;
    this.#end = end;
    this.position = start;
  }

  /** Where in the file the next byte is. */
  get position(): number {
    return this.#base + this.#at;
  }

  set position(position: number) {
    const at = position - this.#base;
    if (at >= 0 && at < this.#limit) {
      this.#at = at;
      return;
    }
    // Read when it is needed: it may be the end.
    this.#base = position;
    this.#at = 0;
    this.#limit = 0;
  }

  u8(): number {
    if (this.#at === this.#limit) this.#turnPage();
    return this.#bytes[this.#at++] as number;
  }

  uvarint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const next = this.u8();
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
    throw this.#corrupt("a varint is longer than nine bytes");
  }

  skip(count: number): void {
    if (count > this.#limit - this.#at) this.position += count;
    else this.#at += count;
  }

  /** Takes as many bytes as `expected` has, and says whether they are the same. */
  equals(expected: Uint8Array): boolean {
    let equal = true;
    for (let i = 0; i < expected.length; i++) if (this.u8() !== expected[i]) equal = false;
    return equal;
  }

  bytes(count: number): Uint8Array {
    if (count > this.#end - this.position) throw this.#corrupt(`${count} bytes are beyond the end`);
    const taken = new Uint8Array(count);
    for (let i = 0; i < count; i++) taken[i] = this.u8();
    return taken;
  }

  /** A text of `length` bytes. It may keep the text of its whole page in memory: meant for those that are kept together. */
  text(length: number): string {
    const start = this.#at;
    const end = start + length;
    if (end > this.#limit) return decoder.decode(this.bytes(length));
    this.#at = end;
    for (let i = start; i < end; i++)
      if ((this.#bytes[i] as number) >= 0x80)
        return decoder.decode(this.#bytes.subarray(start, end));
    const { buffer, byteOffset } = this.#bytes;
    this.#latin1 ??= Buffer.from(buffer, byteOffset, this.#limit).toString("latin1");
    return this.#latin1.substring(start, end);
  }

  #turnPage(): void {
    const { position } = this;
    const length = Math.min(this.#end - position, PAGE_BYTES - (position % PAGE_BYTES));
    if (length <= 0) throw this.#corrupt("goes on beyond its end");
    const { bytes, start, end } = this.#file.read(position, length);
    this.#bytes = bytes;
    this.#base = position - start;
    this.#at = start;
    this.#limit = end;
    this.#latin1 = undefined;
  }

  #corrupt(why: string): CorruptionError {
    return new CorruptionError(`${this.#file.path}: at byte ${this.position}: ${why}`);
  }
}
