import { type Latin1Buffer, latin1Buffer } from "./latin1.ts";

const NOTHING: Latin1Buffer = latin1Buffer(0);

/** The block that a writer fills at the moment. */
export class Block {
  /** The size of the next block, unless one item needs more. */
  readonly #size: number;
  bytes: Latin1Buffer = NOTHING;
  view: DataView = new DataView(NOTHING.buffer);
  /** Where it is filled to. */
  at = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Begins a new block. */
  open(): void {
    this.#use(this.#size);
  }

  /** Ends the block: what was written to it, which now belongs to the caller, or undefined for nothing. */
  take(): Uint8Array | undefined {
    const { bytes, at } = this;
    this.#use(0);
    return at === 0 ? undefined : bytes.subarray(0, at);
  }

  /** Whether some bytes fit: into this block, or, where nothing is in it yet, into a longer one. */
  makeRoom(length: number): boolean {
    if (this.at + length <= this.bytes.length) return true;
    if (this.at > 0) return false;
    this.#use(length);
    return true;
  }

  /** Writes a text, one byte a character; false where it does not fit. */
  writeText(latin1: string): boolean {
    if (!this.makeRoom(latin1.length)) return false;
    this.at += this.bytes.latin1Write(latin1, this.at);
    return true;
  }

  #use(size: number): void {
    this.bytes = size === 0 ? NOTHING : latin1Buffer(size);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, size);
    this.at = 0;
  }
}
